import type { Command } from 'commander';
import type { LeadListOptions } from '../actions/lead-filter.js';
import type { LeadShowOptions } from '../actions/lead-show.js';
import { wholeNumber } from '../input/whole-number.js';
import type { Runner } from '../run.js';
import { leadFilterOptions } from './lead-filter-options.js';
import { changeOptions, pageOptions } from './shared-options.js';

export function addLeadReadCommands(leads: Command, runner: Runner): void {
  changeOptions(
    leadFilterOptions(leads.command('list').description('list leads, a page at a time'))
      .option('--deleted', 'deleted leads instead')
      .option(
        '--sort <key>',
        'created, updated, stage, number, amount, score or an indexed field; -key turns it around',
      ),
    pageOptions({ most: 200, usual: 20, what: 'leads a page' }),
  ).action((options: LeadListOptions, command: Command) =>
    runner.inStore(command, async (session) => {
      const { listLeads } = await import('../actions/lead-list.js');
      await listLeads(session, options);
    }),
  );
  leads
    .command('show')
    .description('show a lead: fields by section, tasks, history, activities')
    .argument('<lead>', 'the lead, by number or id')
    .option('--activities <number>', 'how many of the newest activities', wholeNumber(0, 100), 10)
    .action((lead: string, options: LeadShowOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { showLead } = await import('../actions/lead-show.js');
        await showLead(session, lead, options);
      }),
    );
}
