import type { Command } from 'commander';
import type { TimerListOptions, TimerSetOptions } from '../actions/timers.js';
import type { Runner } from '../run.js';
import { changeOptions, pageOptions } from './shared-options.js';

export function addTimersCommands(program: Command, runner: Runner): void {
  const timers = program.command('timers').description('what is to happen at a time: set it, look at it, cancel it');
  changeOptions(
    timers
      .command('list')
      .description('list timers that have not fired, by key')
      .option('--stuck', 'only those that failed too often and fire no more by themselves'),
    pageOptions({ most: 500, usual: 20 }),
  ).action((options: TimerListOptions, command: Command) =>
    runner.inStore(command, async (session) => {
      const { listTimers } = await import('../actions/timers.js');
      await listTimers(session, options);
    }),
  );
  timers
    .command('set')
    .description('set a timer, which becomes the event timer.fired once it is due; the same key moves it')
    .argument('<key>', 'its name, such as recall/case-17')
    .option('--at <time>', 'when, such as 2026-01-31T09:30+05:30')
    .option('--after-working <duration>', 'or after so much working time, such as 15m or 2h')
    .option('--calendar <calendar>', 'whose working time; default when absent')
    .option('--from <time>', 'since when it counts, such as 2026-01-31T09:30+05:30; now when absent')
    .option('--data <json>', 'told with the event; ids and settings, no personal data')
    .action((key: string, options: TimerSetOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { setTimer } = await import('../actions/timers.js');
        await setTimer(session, key, options);
      }),
    );
  timers
    .command('cancel')
    .description('cancel a timer, so that it never fires')
    .argument('<key>', 'the timer')
    .action((key: string, _options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { cancelTimer } = await import('../actions/timers.js');
        await cancelTimer(session, key);
      }),
    );
  timers
    .command('retry')
    .description('let a stuck timer fire, or one that waits for its next try fire at once')
    .argument('<key>', 'the timer')
    .action((key: string, _options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { retryTimer } = await import('../actions/timers.js');
        await retryTimer(session, key);
      }),
    );
}
