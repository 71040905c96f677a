import { createLms, keyFile, type Lms, type Storage } from '#core';
import { hybrid } from '#core/storage/hybrid';
import { mysql } from '#core/storage/mysql';
import { sqlite } from '#core/storage/sqlite';

/** Where a store is, so that another process can open it. */
export type StoreAddress =
  | { readonly shape: 'sqlite'; readonly file: string }
  | { readonly shape: 'mysql'; readonly mysqlUrl: string }
  | { readonly shape: 'hybrid'; readonly mongoUrl: string; readonly mysqlUrl: string };

export type StorePlace = StoreAddress & {
  /** The file with its master key. */
  readonly key: string;
};

/** The store, not yet open; an older one is brought to the layout of today when it is. */
export function lmsAt(place: StorePlace): Promise<Lms> {
  return createLms({ storage: storageAt(place), key: keyFile(place.key) });
}

/** An older store is brought to the layout of today when it is opened. */
export function storageAt(place: StoreAddress): Storage {
  if (place.shape === 'sqlite') return sqlite({ file: place.file });
  const { mysqlUrl } = place;
  if (place.shape === 'mysql') return mysql({ url: mysqlUrl, migrate: 'at-open' });
  return hybrid({ mongo: { url: place.mongoUrl }, mysql: { url: mysqlUrl }, migrate: 'at-open' });
}
