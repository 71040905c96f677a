import type { Command } from 'commander';
import type { Runner } from '../run.js';

export function addTickCommand(program: Command, runner: Runner): void {
  program
    .command('tick')
    .description('do the housekeeping that waits: what a crash left to be told, keys that are too old')
    .action((_options: object, command: Command) =>
      runner.onConsole(command, async (console) => {
        const { keepHouse } = await import('../actions/tick.js');
        return keepHouse(console);
      }),
    );
}
