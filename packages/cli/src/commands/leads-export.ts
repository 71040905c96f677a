import type { Command } from 'commander';
import type { LeadExportOptions } from '../actions/lead-export.js';
import type { LeadFindOptions } from '../actions/lead-find.js';
import { wholeNumber } from '../input/whole-number.js';
import type { Runner } from '../run.js';
import { leadFilterOptions } from './lead-filter-options.js';

export function addLeadExportCommand(leads: Command, runner: Runner): void {
  const command = leads
    .command('export')
    .description('write leads into a file: csv, xlsx or ndjson')
    .argument('[file]', 'the file to make (default: standard output, as - does)');
  leadFilterOptions(command)
    .option('--columns <names>', 'which, in order, parted by commas (default: the usual ones and every field)')
    .option('--format <format>', 'csv, xlsx or ndjson (default: as the file is called, else csv)')
    .option('--headings <form>', 'label or key (default: label; key for ndjson)')
    .option('--option-values', 'options by their value, not their label')
    .option('--masked', 'personal values masked, also if you may see them')
    .option('--delimiter <sign>', 'what parts the columns of csv: "," ";" "|" or tab (default: ",")')
    .option('--no-bom', 'csv without a byte-order mark')
    .option('--replace', 'replace the file if there is one')
    .addHelpText('after', exportHelp)
    .action((file: string | undefined, options: LeadExportOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { exportLeads } = await import('../actions/lead-export.js');
        await exportLeads(session, file, options);
      }),
    );
}

export function addLeadFindCommand(leads: Command, runner: Runner): void {
  leads
    .command('find')
    .description('find leads of every product line by what you have at hand')
    .argument('<text>', 'a number, phone, email, PAN, or the last four digits of a phone')
    .option('--limit <number>', 'how many at most', wholeNumber(1, 200), 20)
    .addHelpText('after', findHelp)
    .action((text: string, options: LeadFindOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { findLeads } = await import('../actions/lead-find.js');
        await findLeads(session, text, options);
      }),
    );
}

const exportHelp = `
Columns are keys of fields, KEY:entered for what was typed, and a lead's own: number, id, version, productLine, stage,
stageEnteredAt, status, owner, partner, source, channel, campaign, score, createdAt, createdBy, updatedAt, updatedBy,
firstResponseAt, wonAt, lostAt, name, phone, email, region, amount. Needs a role that may export (admin, manager); each
export is in the audit trail. The file is yours alone to read, has its name when it is complete, and can be imported
again. Text that would run as a formula is marked as text.
`;

const findHelp = `
Personal values rest sealed and are found whole, in any spelling: never by a part of them, but for the last four digits
of a phone. Names are found where the product line indexes them, and whole. Numbers may be short: 202601-17.
`;
