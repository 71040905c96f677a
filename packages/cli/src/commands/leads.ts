import type { Command } from 'commander';
import type { Runner } from '../run.js';
import { addLeadChangeCommands } from './leads-change.js';
import { addLeadExportCommand, addLeadFindCommand } from './leads-export.js';
import { addLeadReadCommands } from './leads-read.js';
import { addLeadWorkCommands } from './leads-work.js';

export function addLeadsCommands(program: Command, runner: Runner): void {
  const leads = program.command('leads').description('make, find and work leads');
  addLeadReadCommands(leads, runner);
  addLeadFindCommand(leads, runner);
  addLeadChangeCommands(leads, runner);
  addLeadWorkCommands(leads, runner);
  addLeadExportCommand(leads, runner);
}
