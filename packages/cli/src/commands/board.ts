import type { Command } from 'commander';
import type { BoardOptions } from '../actions/board.js';
import { collect } from '../input/collect.js';
import { wholeNumber } from '../input/whole-number.js';
import type { Runner } from '../run.js';

export function addBoardCommand(program: Command, runner: Runner): void {
  program
    .command('board')
    .description('show the leads of a product line by stage')
    .requiredOption('--product <line>', 'the product line')
    .option('--owner <id>', 'only leads of this user, or "none" for unowned leads')
    .option('--region <region>', 'only this region (repeatable)', collect)
    .option('--source <source>', 'only this source (repeatable)', collect)
    .option('--cards <number>', 'cards a stage', wholeNumber(0, 50), 5)
    .action((options: BoardOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { showBoard } = await import('../actions/board.js');
        await showBoard(session, options);
      }),
    );
}
