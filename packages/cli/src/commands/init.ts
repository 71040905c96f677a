import type { Command } from 'commander';
import type { InitOptions } from '../actions/init.js';
import type { Runner } from '../run.js';

export function addInitCommand(program: Command, runner: Runner): void {
  program
    .command('init')
    .description('make the configuration, the key and the store, and you its first admin; safe to repeat')
    .option('--name <name>', 'your name in the directory (default: your operating-system user)')
    .option('--email <address>', 'your email in the directory')
    .option(
      '--kind <kind>',
      'where leads are kept: file, mysql (MySQL or MariaDB alone), or servers (MongoDB and MySQL)',
    )
    .option('--mongo-env <variable>', 'the environment variable with the URL of MongoDB (default: MONGO_URL)')
    .option('--mysql-env <variable>', 'the environment variable with the URL of MySQL (default: MYSQL_URL)')
    .option('--time-zone <zone>', 'where the business works (default: Asia/Kolkata)')
    .option(
      '--template <line>',
      'a product line to begin with: personal-loan, insurance, demat or none (default: none)',
    )
    .option('--yes', 'ask nothing, take the defaults')
    .addHelpText('after', initHelp)
    .action((options: InitOptions, command: Command) =>
      runner.onConsole(command, async (console) => {
        const { initialise } = await import('../actions/init.js');
        await initialise(console, options);
      }),
    );
}

const initHelp = `
Writes lms.config.json (with the stores "dev", a file, and "prod", MongoDB and MySQL) where there is none, then makes
the store that --store names, or the one that --kind makes the default. On a terminal it asks for what is not said;
everything is asked before anything is made.
`;
