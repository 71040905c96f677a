import type { Command } from 'commander';
import type { ExchangeListOptions, TryOptions } from '../actions/exchanges.js';
import type { Runner } from '../run.js';
import { changeOptions, pageOptions } from './shared-options.js';

export function addExchangesCommands(program: Command, runner: Runner): void {
  const exchanges = program
    .command('exchanges')
    .description('calls to other systems: their records, budgets, and a try');
  changeOptions(
    exchanges
      .command('list')
      .description('list calls to other systems, the newest first')
      .option('--target <name>', 'only to this target of the configuration')
      .option('--purpose <word>', 'only for this purpose')
      .option('--lead <lead>', 'only about this lead, by id or number')
      .option('--state <state>', 'open, answered, or the code of an error')
      .option('--from <day>', 'begun from this day or time on')
      .option('--to <day>', 'begun until this day (inclusive) or time'),
    pageOptions({ most: 500, usual: 20 }),
  ).action((options: ExchangeListOptions, command: Command) =>
    runner.inStore(command, async (session) => {
      const { listExchanges } = await import('../actions/exchanges.js');
      await listExchanges(session, options);
    }),
  );
  exchanges
    .command('show')
    .description('show the record of one call')
    .argument('<id>', 'the call')
    .option('--content', 'also what was sent and answered, where it is kept and you may see it')
    .action((id: string, options: { readonly content?: boolean }, command: Command) =>
      runner.inStore(command, async (session) => {
        const { showExchange } = await import('../actions/exchanges.js');
        await showExchange(session, id, options);
      }),
    );
  exchanges
    .command('try')
    .description('ask a target for a path by GET, and say how it went; counts as a call')
    .argument('<target>', 'a name under "outbound" in the configuration')
    .option('--path <path>', 'what to ask for', '/')
    .action((target: string, options: TryOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { tryTarget } = await import('../actions/exchanges.js');
        await tryTarget(session, target, options);
      }),
    );
  exchanges
    .command('budgets')
    .description('show what is spent of the budgets of targets')
    .action((_options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { showBudgets } = await import('../actions/exchanges.js');
        await showBudgets(session);
      }),
    );
}
