import type { Command } from 'commander';
import type { AuditExportOptions, AuditListOptions, AuditVerifyOptions } from '../actions/audit.js';
import { wholeNumber } from '../input/whole-number.js';
import type { Runner } from '../run.js';
import { changeOptions, pageOptions } from './shared-options.js';

const anyPosition = wholeNumber(1, Number.MAX_SAFE_INTEGER);

export function addAuditCommands(program: Command, runner: Runner): void {
  const audit = program.command('audit').description('who did what and when, and whether it is still as it was sealed');
  changeOptions(
    audit
      .command('list')
      .description('list what was done, the newest first')
      .option('--lead <lead>', 'only to this lead, by id or number')
      .option('--by <who>', 'only by this user, or by such as system:restore')
      .option('--type <event>', 'only events of this type, such as lead.created')
      .option('--from <day>', 'from this day or time on')
      .option('--to <day>', 'until this day (inclusive) or time'),
    pageOptions({ most: 500, usual: 20 }),
  ).action((options: AuditListOptions, command: Command) =>
    runner.inStore(command, async (session) => {
      const { listTrail } = await import('../actions/audit.js');
      await listTrail(session, options);
    }),
  );
  audit
    .command('head')
    .description('where the sealed trail ends, to be published elsewhere')
    .action((_options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { showHead } = await import('../actions/audit.js');
        await showHead(session);
      }),
    );
  audit
    .command('verify')
    .description('name every row that was changed, removed, put in or moved behind the back of LMS')
    .option('--from <position>', 'begin at this position', anyPosition)
    .option('--to <position>', 'end at this position', anyPosition)
    .option('--head <position:hash>', 'the trail must go on from here, as lms audit head said once')
    .addHelpText('after', verifyHelp)
    .action((options: AuditVerifyOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { verifyTrail } = await import('../actions/audit.js');
        return verifyTrail(session, options);
      }),
    );
  audit
    .command('export')
    .description('write the sealed rows with their hashes into a file, for an auditor')
    .argument('<file>', 'the file to make: .ndjson, which can be verified without LMS, or .csv')
    .option('--from <position>', 'begin at this position', anyPosition)
    .option('--to <position>', 'end at this position', anyPosition)
    .option('--format <format>', 'ndjson or csv; else by the name of the file')
    .option('--replace', 'replace the file if there is one')
    .action((file: string, options: AuditExportOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { exportTrail } = await import('../actions/audit.js');
        await exportTrail(session, file, options);
      }),
    );
  audit
    .command('seal')
    .description('seal what waits now; lms tick and every command do so by themselves')
    .action((_options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { sealTrail } = await import('../actions/audit.js');
        return sealTrail(session);
      }),
    );
}

const verifyHelp = `
Reads every sealed row and makes its hashes anew; others go on working. Exits with 4 when something is found. Whoever can
write into the database can cut the trail and put an older head of it back: only a head that was published elsewhere
(--head) shows that. Needs the role auditor or admin, and no data key: erased leads do not matter.
`;
