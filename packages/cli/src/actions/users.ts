import { LmsError, type RoleName, roleNames, type User } from '@lms/core';
import { table } from '../output/index.js';
import type { Session } from '../session.js';
import { nextPage } from './lead-list.js';

export interface UserListOptions {
  readonly role?: string;
  readonly team?: string;
  readonly all?: true;
  readonly limit: number;
  readonly cursor?: string;
}

export interface UserAddOptions {
  readonly name: string;
  readonly role: readonly string[];
  readonly email?: string;
  readonly team?: readonly string[];
  readonly partner?: string;
}

export interface UserUpdateOptions extends Partial<UserAddOptions> {
  readonly expectedVersion?: number;
}

export async function listUsers(session: Session, options: UserListOptions): Promise<void> {
  const { me, output } = session;
  const { users, next } = await me.users.list({
    limit: options.limit,
    ...(options.all === true ? {} : { active: true }),
    ...(options.role === undefined ? {} : { role: roleOf(options.role) }),
    ...(options.team === undefined ? {} : { team: options.team }),
    ...(options.cursor === undefined ? {} : { after: options.cursor }),
  });
  output.answer({ items: users, nextCursor: next }, () =>
    users.length === 0
      ? ''
      : table(
          users,
          [
            { heading: 'Id', cell: (user) => user.id },
            { heading: 'Name', cell: (user) => user.name, minimum: 10, importance: 5 },
            { heading: 'Email', cell: (user) => user.email ?? '', minimum: 10, importance: 1 },
            { heading: 'Roles', cell: (user) => user.roles.join(', '), minimum: 8, importance: 4 },
            { heading: 'Teams', cell: (user) => user.teams.join(', '), minimum: 6, importance: 2 },
            { heading: 'Partner', cell: (user) => user.partner ?? '', minimum: 6 },
            { heading: 'Active', cell: (user) => (user.active ? 'yes' : 'no'), importance: 3 },
            { heading: 'Version', cell: (user) => String(user.version), align: 'right' },
          ],
          output,
        ),
  );
  if (users.length === 0) output.say('No user matches.');
  if (next !== null) output.say(`More: ${nextPage(session, next)}`);
}

export async function addUser(session: Session, id: string, options: UserAddOptions): Promise<void> {
  const user = await session.me.users.create({
    id,
    name: options.name,
    roles: options.role.map(roleOf),
    email: options.email ?? null,
    teams: options.team ?? [],
    partner: options.partner ?? null,
  });
  tell(session, user, `Added. To act as them: --actor ${user.id}`);
}

export async function updateUser(session: Session, id: string, options: UserUpdateOptions): Promise<void> {
  const patch = {
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.role === undefined ? {} : { roles: options.role.map(roleOf) }),
    ...(options.email === undefined ? {} : { email: options.email === '' ? null : options.email }),
    ...(options.team === undefined ? {} : { teams: options.team.filter((team) => team !== '') }),
    ...(options.partner === undefined ? {} : { partner: options.partner === '' ? null : options.partner }),
  };
  const user = await session.me.users.update(id, patch, versionOf(options));
  tell(session, user, `Now at version ${user.version}.`);
}

export async function setUserActive(
  session: Session,
  { id, active }: { readonly id: string; readonly active: boolean },
  options: Pick<UserUpdateOptions, 'expectedVersion'>,
): Promise<void> {
  const { users } = session.me;
  const user = await (active ? users.activate(id, versionOf(options)) : users.deactivate(id, versionOf(options)));
  tell(session, user, active ? 'Let in again.' : `Locked out. To let them in again: lms users activate ${user.id}`);
}

function tell({ output }: Session, user: User, message: string): void {
  output.answer(user, () => user.id);
  output.say(message);
}

function versionOf({ expectedVersion }: Pick<UserUpdateOptions, 'expectedVersion'>): { expectedVersion?: number } {
  return expectedVersion === undefined ? {} : { expectedVersion };
}

function roleOf(text: string): RoleName {
  const role = roleNames.find((each) => each === text);
  if (role !== undefined) return role;
  const message = `--role is ${roleNames.join(', ')}, not "${text}"`;
  throw new LmsError('USAGE_INVALID', { message, path: '--role' });
}
