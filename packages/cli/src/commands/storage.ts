import type { Command } from 'commander';
import type { Runner } from '../run.js';
import { addStorageMigrateCommand } from './storage-migrate.js';
import { addStorageRebuildFactsCommand } from './storage-rebuild-facts.js';
import { addStorageStatusCommand } from './storage-status.js';
import { addStorageVerifyCommand } from './storage-verify.js';

export function addStorageCommands(program: Command, runner: Runner): void {
  const storage = program.command('storage').description('look after the store itself');
  addStorageStatusCommand(storage, runner);
  addStorageMigrateCommand(storage, runner);
  addStorageVerifyCommand(storage, runner);
  addStorageRebuildFactsCommand(storage, runner);
}
