import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runApart } from '../kit/apart.ts';
import { tell } from '../kit/report.ts';
import { rowsOr } from '../kit/run-settings.ts';
import { whileFolderIsThere } from '../kit/workplace.ts';
import type { ReadFound, ReadSettings } from '../subjects/read-side-by-side.ts';
import { keptStore } from './big-store.ts';
import { sampleLeads } from './lead-samples.ts';
import { type MillionFound, movingReport, readingReport } from './million-report.ts';
import { serversOf } from './million-servers.ts';
import { backUp, restore } from './moving.ts';
import type { StorePlace } from './store-place.ts';

type Shape = StorePlace['shape'];

/**
 * Reads of a million leads on one shape, and the way there: they are made on an embedded store, and moved by backup and restore. `--rows`
 * makes it smaller.
 */
export async function measureMillion(shape: Shape): Promise<void> {
  const leads = rowsOr(1_000_000);
  const { file } = keptStore(leads);
  const embedded: StorePlace = { shape: 'sqlite', file, key: `${file}.key` };
  // A store of an older layout is migrated here, by the opening that is not timed.
  const found = await whileFolderIsThere((folder) =>
    shape === 'sqlite' ? onFile(embedded, folder) : onServers(shape, embedded, folder),
  );
  if (found.read.leads !== leads) throw new Error(`the board counts ${found.read.leads} leads of ${leads}`);
  tell(movingReport(shape, leads, found));
  console.log('');
  tell(readingReport(shape, leads, found.read));
}

async function onFile(embedded: StorePlace & { readonly shape: 'sqlite' }, folder: string): Promise<MillionFound> {
  const backup = join(folder, 'embedded.lmsbackup');
  const backedUp = backUp({ place: embedded, backup });
  const copy = join(folder, 'copy');
  mkdirSync(copy);
  const restored = restore({ place: { ...embedded, file: join(copy, 'lms.db') }, backup });
  rmSync(copy, { recursive: true });
  return { backedUp, restored, backedUpAgain: null, read: readLeads(embedded, embedded.file) };
}

async function onServers(
  shape: 'mysql' | 'hybrid',
  embedded: StorePlace & { readonly shape: 'sqlite' },
  folder: string,
): Promise<MillionFound> {
  const backup = join(folder, 'embedded.lmsbackup');
  const again = join(folder, 'again.lmsbackup');
  const backedUp = backUp({ place: embedded, backup });
  const { address, stop } = await serversOf(shape, folder);
  try {
    const place: StorePlace = { ...address, key: embedded.key };
    const restored = restore({ place, backup });
    rmSync(backup);
    const read = readLeads(place, embedded.file);
    return { backedUp, restored, backedUpAgain: backUp({ place, backup: again }), read };
  } finally {
    await stop();
  }
}

/** @param file the embedded store that has the same leads */
function readLeads(place: StorePlace, file: string): ReadFound {
  const { found } = runApart<ReadSettings, ReadFound>('read-side-by-side', { place, ids: sampleLeads(file) });
  return found;
}
