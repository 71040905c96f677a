import type { Command } from 'commander';
import type { Runner } from '../run.js';
import { addStorageVerifyCommand } from './storage-verify.js';

export function addStorageCommands(program: Command, runner: Runner): void {
  const storage = program.command('storage').description('look after the store itself');
  addStorageVerifyCommand(storage, runner);
}
