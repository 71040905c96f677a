import type { Command } from 'commander';
import type { Runner } from '../run.js';

export function addDoctorCommand(program: Command, runner: Runner): void {
  program
    .command('doctor')
    .description('look at the configuration, the key and the store, and say what to change')
    .action((_options: object, command: Command) =>
      runner.onConsole(command, async (console) => {
        const { examine } = await import('../actions/doctor.js');
        return examine(console);
      }),
    );
}
