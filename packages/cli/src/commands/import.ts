import type { Command } from 'commander';
import { collect } from '../input/collect.js';
import type { ImportOptions } from '../input/import-options.js';
import { fraction, wholeNumber } from '../input/whole-number.js';
import type { Runner } from '../run.js';
import { consentSource } from './shared-options.js';

export function addImportCommand(program: Command, runner: Runner): void {
  program
    .command('import')
    .description('make leads from a spreadsheet')
    .argument('<file>', 'the file, or - for standard input')
    .option('--product <line>', 'the product line of the leads (asked for on a terminal; a mapping file may name it)')
    .option('--dry-run', 'check every row and write nothing')
    .option(
      '--map <column=field>',
      'which field a column holds, "-" for none; --map "Amt=loanAmount:lakh" counts lakhs (repeatable)',
      collect,
    )
    .option(
      '--mapping <name>',
      'a saved mapping, or a mapping file (default: the one saved under the name of the source)',
    )
    .option('--no-mapping', 'no saved mapping, whatever the source')
    .option('--save-mapping <name>', 'keep how this file was read, for the next one of its source')
    .option('--header-row <number>', 'the row of the headings (default: found)', wholeNumber(1, 1000))
    .option('--least-confidence <number>', 'how sure a guess must be, 0 to 1 (default: 0.7)', fraction)
    .option('--rejects <file>', 'where refused rows go (default: beside the file, FILE.rejects.EXT)')
    .option('--replace', 'replace the file that --rejects names if there is one')
    .option('--sheet <name>', 'which sheet of a workbook (default: the one whose header names the most fields)')
    .option('--source <source>', 'where the leads came from (default: import)')
    .option('--channel <channel>', 'through which channel they came')
    .option('--campaign <campaign>', 'which campaign brought them')
    .option('--date-order <order>', 'how 01/02/2026 is read: dmy, mdy or ymd (default: dmy)')
    .option(
      '--consent <purpose[@column]>',
      'people allow this: all, or those whose cell in the column says yes or since when; "marketing:hi:2" names language and version of the text (default: en, the newest) (repeatable)',
      collect,
    )
    .option('--block <channel[@column]>', 'do not contact: all, or those whose cell says yes (repeatable)', collect)
    .addOption(consentSource('how people said so (default: import)'))
    .option('--consent-given <time>', 'when they said so, where no cell does (default: now)')
    .option('--duplicates <what>', 'what a row does that repeats a lead: skip, or update that lead (default: skip)')
    .option('--again', 'make leads of rows that were imported before too')
    .option('--detach', 'leave the import to a worker (lms work), which must reach the file where it is')
    .option('--yes', 'ask nothing; on a terminal the columns are shown and can be changed first')
    .addHelpText('after', importHelp)
    .action((file: string, options: ImportOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { importFile } = await import('../actions/import.js');
        return importFile(session, file, options);
      }),
    );
}

const importHelp = `
Every row is created, found to be a duplicate, or refused with every reason; refused rows are written to the reject
file, which can be corrected and imported again. A stopped or killed import is continued by the same command: rows
that are in already are not made twice. With --duplicates update a row writes the cells it fills into the lead that has its phone,
email or other unique value; such a row may lack required fields. Consents and blocks are recorded with each lead that a row makes,
and never without it. Exits 4 when rows were refused.
`;
