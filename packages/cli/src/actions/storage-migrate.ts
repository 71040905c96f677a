import type { Console } from '../console.js';
import { openStorage } from '../open-lms.js';
import { migrationProgressText, migrationReportText, pendingText } from '../views/migration-view.js';

export interface StorageMigrateOptions {
  readonly dryRun?: true;
}

/** Ctrl-C stops between two operations or batches; what was done stays. */
export async function migrateStorage(console: Console, { dryRun }: StorageMigrateOptions): Promise<void> {
  const { output, signal } = console;
  const { storage, chosen } = await openStorage(console);
  const { migrations } = storage;
  if (dryRun) {
    const databases = await migrations.status();
    output.answer({ store: chosen.name, shape: storage.shape, dryRun: true, databases }, () =>
      pendingText(databases, output),
    );
    return;
  }
  const databases = await migrations.run({
    signal,
    onProgress: (progress) => output.progress.show(migrationProgressText(progress)),
  });
  output.answer({ store: chosen.name, shape: storage.shape, dryRun: false, databases }, () =>
    migrationReportText(databases),
  );
}
