import type { Console } from '../console.js';
import { openStorage } from '../open-lms.js';
import { migrationStatusText } from '../views/migration-view.js';

/** Works on a store that cannot be opened because it is too old or too new. */
export async function showStorageStatus(console: Console): Promise<void> {
  const { output } = console;
  const { storage, chosen } = await openStorage(console);
  const databases = await storage.migrations.status();
  output.answer({ store: chosen.name, shape: storage.shape, databases }, () => migrationStatusText(databases, output));
  if (databases.some(({ pending }) => pending.length > 0)) {
    output.say('To see what each step does: lms storage migrate --dry-run');
  }
}
