import type { Command } from 'commander';
import type { TickOptions } from '../actions/tick.js';
import type { Runner } from '../run.js';

export function addTickCommand(program: Command, runner: Runner): void {
  program
    .command('tick')
    .description('do the housekeeping that waits: what a crash left to be told, keys that are too old')
    .option('--retry-stuck', 'try again what failed too often, once its cause is mended')
    .action((options: TickOptions, command: Command) =>
      runner.onConsole(command, async (console) => {
        const { keepHouse } = await import('../actions/tick.js');
        return keepHouse(console, options);
      }),
    );
}
