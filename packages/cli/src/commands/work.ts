import type { Command } from 'commander';
import type { WorkOptions } from '../actions/work.js';
import { collect } from '../input/collect.js';
import { wholeNumber } from '../input/whole-number.js';
import type { Runner } from '../run.js';

export function addWorkCommand(program: Command, runner: Runner): void {
  program
    .command('work')
    .description('run jobs as they are due, and do the housekeeping of lms tick, until it is stopped')
    .option('--concurrency <number>', 'how many jobs at once', wholeNumber(1, 1_000), 10)
    .option('--kind <kind>', 'only jobs of this kind (repeatable)', collect)
    .option('--stop-after <seconds>', 'when stopped: how long running jobs may go on', wholeNumber(0, 3_600), 30)
    .option('--redis <url>', 'hear of jobs through this Redis (default: LMS_REDIS_URL, if set)')
    .addHelpText('after', workHelp)
    .action((options: WorkOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { work } = await import('../actions/work.js');
        return work(session, options);
      }),
    );
}

const workHelp = `
Any number of workers may run, on as many machines as reach the store: each job is in one's hands at a time. Ctrl-C and
SIGTERM let running jobs end and give back what does not end in time; an import goes on
elsewhere at once. What a worker had in hand that was killed runs again elsewhere after some 15 seconds.

A worker looks for jobs every second. With a Redis, which may be away, it hears at once of what other machines add
while LMS_REDIS_URL is set there, too. A URL with a password belongs into the variable, where no list of processes shows it.

Jobs and consumers of plugins that lms.config.json names run here; what they throw is told on the error output.
`;
