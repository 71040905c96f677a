import type { Command } from 'commander';
import type { LeadAssignOptions, LeadMoveOptions, LeadNoteOptions } from '../actions/lead-work.js';
import type { Runner } from '../run.js';
import { changeOptions, writeOptions, writeOptionsOf } from './shared-options.js';

export function addLeadWorkCommands(leads: Command, runner: Runner): void {
  const move = leads
    .command('move')
    .description('move a lead to another stage')
    .argument('<lead>', 'the lead, by number or id')
    .requiredOption('--to <stage>', 'the stage')
    .option('--comment <text>', 'why')
    .option('--check', 'say whether it may, and write nothing');
  changeOptions(move, writeOptions).action((lead: string, options: LeadMoveOptions, command: Command) =>
    runner.inStore(command, async (session) => {
      const { moveLead } = await import('../actions/lead-work.js');
      await moveLead(session, lead, options);
    }),
  );
  const assign = leads
    .command('assign')
    .description('give a lead to a user')
    .argument('<lead>', 'the lead, by number or id')
    .requiredOption('--to <id>', 'the user, or "none" to take the lead away from its owner')
    .option('--reason <text>', 'why');
  changeOptions(assign, writeOptionsOf('its placement')).action(
    (lead: string, options: LeadAssignOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { assignLead } = await import('../actions/lead-work.js');
        await assignLead(session, lead, options);
      }),
  );
  const note = leads
    .command('note')
    .description('write down a note, a call, a meeting')
    .argument('<lead>', 'the lead, by number or id')
    .argument('<text>', 'what happened, or - for standard input')
    .option('--type <type>', 'note, call, email, meeting or message', 'note');
  changeOptions(note, writeOptions).action((lead: string, text: string, options: LeadNoteOptions, command: Command) =>
    runner.inStore(command, async (session) => {
      const { addNote } = await import('../actions/lead-work.js');
      await addNote(session, { lead, text }, options);
    }),
  );
}
