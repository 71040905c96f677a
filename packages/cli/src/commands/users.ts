import type { Command } from 'commander';
import type { UserAddOptions, UserListOptions, UserUpdateOptions } from '../actions/users.js';
import { collect } from '../input/collect.js';
import { wholeNumber } from '../input/whole-number.js';
import type { Runner } from '../run.js';
import { changeOptions, pageOptions } from './shared-options.js';

const version = ['--expected-version <number>', 'only if the user still has this version'] as const;
const anyVersion = wholeNumber(1, Number.MAX_SAFE_INTEGER);

export function addUsersCommands(program: Command, runner: Runner): void {
  const users = program.command('users').description('the people who work with leads');
  changeOptions(
    users
      .command('list')
      .description('list users')
      .option('--role <role>', 'only with this role')
      .option('--team <team>', 'only of this team')
      .option('--all', 'inactive users too'),
    pageOptions({ most: 200, usual: 50 }),
  ).action((options: UserListOptions, command: Command) =>
    runner.inStore(command, async (session) => {
      const { listUsers } = await import('../actions/users.js');
      await listUsers(session, options);
    }),
  );
  users
    .command('add')
    .description('add a user')
    .argument('<id>', 'an immutable short name, such as "asha"')
    .requiredOption('--name <name>', 'the name that others see')
    .requiredOption('--role <role>', 'admin, manager, agent, partner or auditor (repeatable)', collect)
    .option('--email <address>', 'the email')
    .option('--team <team>', 'a team (repeatable)', collect)
    .option('--partner <slug>', 'the partner that a user with the role "partner" belongs to')
    .action((id: string, options: UserAddOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { addUser } = await import('../actions/users.js');
        await addUser(session, id, options);
      }),
    );
  users
    .command('update')
    .description('change a user; lists are replaced whole')
    .argument('<id>', 'the user')
    .option('--name <name>', 'the name that others see')
    .option('--role <role>', 'the roles (repeatable)', collect)
    .option('--email <address>', 'the email; "" takes it away')
    .option('--team <team>', 'the teams (repeatable); "" takes them away', collect)
    .option('--partner <slug>', 'the partner; "" takes it away')
    .option(...version, anyVersion)
    .action((id: string, options: UserUpdateOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { updateUser } = await import('../actions/users.js');
        await updateUser(session, id, options);
      }),
    );
  for (const [name, active, description] of [
    ['deactivate', false, 'lock a user out; what the user did stays'],
    ['activate', true, 'let a user in again'],
  ] as const) {
    users
      .command(name)
      .description(description)
      .argument('<id>', 'the user')
      .option(...version, anyVersion)
      .action((id: string, options: Pick<UserUpdateOptions, 'expectedVersion'>, command: Command) =>
        runner.inStore(command, async (session) => {
          const { setUserActive } = await import('../actions/users.js');
          await setUserActive(session, { id, active }, options);
        }),
      );
  }
}
