import type { Command } from 'commander';
import type { InitOptions } from '../actions/init.js';
import type { Runner } from '../run.js';

export function addInitCommand(program: Command, runner: Runner): void {
  program
    .command('init')
    .description('make the configuration, the key and the store, and you its first admin; safe to repeat')
    .option('--name <name>', 'your name in the directory (default: your operating-system user)')
    .option('--email <address>', 'your email in the directory')
    .addHelpText('after', initHelp)
    .action((options: InitOptions, command: Command) =>
      runner.onConsole(command, async (console) => {
        const { initialise } = await import('../actions/init.js');
        await initialise(console, options);
      }),
    );
}

const initHelp = `
Writes lms.config.json (with the stores "dev", a file, and "prod", MongoDB and MySQL by the environment variables
MONGO_URL and MYSQL_URL) where there is none, then makes the store that --store names.

  lms init                 the file store "dev"
  lms init --store prod    the servers
`;
