import type { Command } from 'commander';
import type { LeadListOptions } from '../actions/lead-filter.js';
import type { LeadShowOptions } from '../actions/lead-show.js';
import { collect } from '../input/collect.js';
import { wholeNumber } from '../input/whole-number.js';
import type { Runner } from '../run.js';

export function addLeadReadCommands(leads: Command, runner: Runner): void {
  leads
    .command('list')
    .description('list leads, a page at a time')
    .option('--product <line>', 'only of this product line')
    .option('--stage <stage>', 'only in this stage (repeatable)', collect)
    .option('--status <status>', 'pending, in_progress, won, lost or converted (repeatable)', collect)
    .option('--owner <id>', 'only of this user, or "none" for unowned leads')
    .option('--region <region>', 'only of this region (repeatable)', collect)
    .option('--source <source>', 'only from this source (repeatable)', collect)
    .option('--channel <channel>', 'only through this channel (repeatable)', collect)
    .option('--campaign <campaign>', 'only of this campaign (repeatable)', collect)
    .option('--created-from <date>', 'created on this day or later')
    .option('--created-to <date>', 'created on this day or earlier')
    .option('--phone <phone>', 'with exactly this phone, however it is written')
    .option('--email <address>', 'with exactly this email')
    .option(
      '--where <field=value>',
      'by an indexed field: =, <, <=, >, >=, or a|b for any of them (repeatable)',
      collect,
    )
    .option('--deleted', 'deleted leads instead')
    .option('--sort <key>', 'created, updated, stage, number, amount, score or an indexed field; -key turns it around')
    .option('--limit <number>', 'leads a page', wholeNumber(1, 200), 20)
    .option('--cursor <cursor>', 'go on after the page that gave it')
    .action((options: LeadListOptions, command: Command) =>
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
