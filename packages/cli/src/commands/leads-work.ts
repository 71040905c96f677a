import type { Command } from 'commander';
import type { AssignCommandOptions, MoveCommandOptions } from '../actions/lead-or-leads.js';
import type { LeadNoteOptions } from '../actions/lead-work.js';
import type { Runner } from '../run.js';
import { leadFilterOptions } from './lead-filter-options.js';
import { changeOptions, dryRunOptions, writeOptions, writeOptionsOf, yesOptions } from './shared-options.js';

export function addLeadWorkCommands(leads: Command, runner: Runner): void {
  const move = leads
    .command('move')
    .description('move a lead, or all leads of a filter, to another stage')
    .argument('[lead]', 'the lead, by number or id; without it all that the filter names')
    .requiredOption('--to <stage>', 'the stage')
    .option('--comment <text>', 'why');
  leadFilterOptions(move);
  changeOptions(move, [...dryRunOptions, ...yesOptions, ...writeOptions])
    .addHelpText('after', bulkHelp)
    .action((lead: string | undefined, options: MoveCommandOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { moveOneOrMany } = await import('../actions/lead-or-leads.js');
        return moveOneOrMany(session, lead, options);
      }),
    );
  const assign = leads
    .command('assign')
    .description('give a lead, or all leads of a filter, to a user')
    .argument('[lead]', 'the lead, by number or id; without it all that the filter names')
    .requiredOption('--to <id>', 'the user, or "none" to take them away from their owners')
    .option('--reason <text>', 'why');
  leadFilterOptions(assign);
  changeOptions(assign, [...dryRunOptions, ...yesOptions, ...writeOptionsOf('its placement')])
    .addHelpText('after', bulkHelp)
    .action((lead: string | undefined, options: AssignCommandOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { assignOneOrMany } = await import('../actions/lead-or-leads.js');
        return assignOneOrMany(session, lead, options);
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

const bulkHelp = `
Without a lead: counts the leads of the filter, asks, then goes through them in batches, oldest first. Each lead is
changed or refused by itself, and reasons are counted. Ctrl-C stops between two batches; a repeat counts those that
are there already. Exits 4 when leads were refused.
`;
