import { hybrid } from '../src/storage/hybrid.js';
import { mysql } from '../src/storage/mysql.js';
import { sqlite } from '../src/storage/sqlite.js';
import type { Storage } from '../src/storage/storage.js';

/** How another process reaches a store. */
export type StoreAddress =
  | { readonly shape: 'sqlite'; readonly file: string }
  | { readonly shape: 'mysql'; readonly mysqlUrl: string }
  | { readonly shape: 'hybrid'; readonly mongoUrl: string; readonly mysqlUrl: string };

/** A handle on a store by its address, not yet open. */
export function openAddress(address: StoreAddress): Storage {
  if (address.shape === 'sqlite') return sqlite({ file: address.file });
  if (address.shape === 'mysql') return mysql({ url: address.mysqlUrl });
  return hybrid({ mongo: { url: address.mongoUrl }, mysql: { url: address.mysqlUrl } });
}
