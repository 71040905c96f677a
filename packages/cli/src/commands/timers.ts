import type { Command } from 'commander';
import type { TimerListOptions } from '../actions/timers.js';
import { wholeNumber } from '../input/whole-number.js';
import type { Runner } from '../run.js';

export function addTimersCommands(program: Command, runner: Runner): void {
  const timers = program.command('timers').description('what is to happen at a time: look at it, cancel it');
  timers
    .command('list')
    .description('list timers that have not fired, by key')
    .option('--stuck', 'only those that failed too often and fire no more by themselves')
    .option('--limit <number>', 'how many', wholeNumber(1, 500), 20)
    .option('--cursor <cursor>', 'go on after the page that gave it')
    .action((options: TimerListOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { listTimers } = await import('../actions/timers.js');
        await listTimers(session, options);
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
