import { root } from './leads-of-point.js';
import type { CrashOperation, PreparedSubject, Workshop } from './operation.js';
import type { RawState } from './raw-state.js';

/** The directory of users. */
export const userOperations: readonly CrashOperation[] = [
  {
    name: 'add a user',
    async run(lms, { tag }) {
      await lms.as(root).users.create({ id: tag, name: 'Crash User', roles: ['agent'], teams: ['west', 'east'] });
    },
    doneAlready: ['USER_EXISTS'],
    signs: (state, { tag }) => ({
      'the user': shown(state, tag) === '1 active',
      'both teams': teamsOf(state, tag) === 'east,west',
      'the role': rolesOf(state, tag) === 'agent',
    }),
  },
  {
    name: 'change a user',
    prepare: addUser,
    async run(lms, { tag }) {
      await lms.as(root).users.update(tag, { teams: ['north'], roles: ['manager'] });
    },
    signs: (state, { tag }) => ({
      'the user': shown(state, tag) === '2 active',
      'its team': teamsOf(state, tag) === 'north',
      'its role': rolesOf(state, tag) === 'manager',
    }),
  },
  {
    name: 'deactivate a user',
    prepare: addUser,
    async run(lms, { tag }) {
      await lms.as(root).users.deactivate(tag);
    },
    signs: (state, { tag }) => ({ 'the user': shown(state, tag) === '2 left' }),
  },
  {
    name: 'activate a user',
    async prepare(workshop, subject) {
      await addUser(workshop, subject);
      await workshop.lms.as(root).users.deactivate(subject.tag);
      return [];
    },
    async run(lms, { tag }) {
      await lms.as(root).users.activate(tag);
    },
    signs: (state, { tag }) => ({ 'the user': shown(state, tag) === '3 active' }),
  },
];

async function addUser({ lms }: Workshop, { tag }: PreparedSubject): Promise<readonly string[]> {
  await lms.as(root).users.create({ id: tag, name: 'Crash User', roles: ['agent'], teams: ['west', 'east'] });
  return [];
}

function shown({ users }: RawState, user: string): string {
  return users
    .filter(({ id }) => id === user)
    .map(({ version, active }) => `${version} ${active ? 'active' : 'left'}`)
    .join();
}

function teamsOf({ userTeams }: RawState, user: string): string {
  const own = userTeams.filter(({ userId }) => userId === user);
  return own
    .map(({ team }) => team)
    .toSorted()
    .join();
}

function rolesOf({ userRoles }: RawState, user: string): string {
  const own = userRoles.filter(({ userId }) => userId === user);
  return own.map(({ role }) => role).join();
}
