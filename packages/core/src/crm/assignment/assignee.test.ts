import { expect, test } from 'vitest';
import type { Principal, User } from '../../foundation/access/index.js';
import { checkAssignee, teamOf } from './assignee.js';

const at = '2026-01-31T09:30:00.000Z';

function userWith(change: Partial<User>): User {
  const person = {
    id: 'asha',
    name: 'Asha Rao',
    email: null,
    roles: ['agent'],
    teams: ['west'],
    partner: null,
  } as const;
  return { ...person, active: true, version: 1, createdAt: at, updatedAt: at, ...change };
}

function principalWith(scope: Principal['scope'], user: User | null): Principal {
  const actor = user === null ? ({ kind: 'system', name: 'relay' } as const) : ({ kind: 'user', id: user.id } as const);
  return { actor, ref: 'x', user, roles: user?.roles ?? [], permission: 'leads.assign', scope, masked: false };
}

const manager = userWith({ id: 'meera', roles: ['manager'], teams: ['north', 'west'] });
const admin = principalWith('all', userWith({ id: 'admin', roles: ['admin'], teams: [] }));

test.each<[string, User | null, string]>([
  ['nobody', null, 'USER_NOT_FOUND'],
  ['who is not active', userWith({ active: false }), 'USER_INACTIVE'],
  ['an admin who works no leads', userWith({ roles: ['admin'] }), 'INPUT_INVALID'],
  ['an auditor', userWith({ roles: ['auditor'] }), 'INPUT_INVALID'],
  ['a partner', userWith({ roles: ['partner'], partner: 'acme' }), 'INPUT_INVALID'],
])('no lead goes to %s', (_who, user, code) => {
  expect(() => checkAssignee(admin, 'asha', user)).toThrow(expect.objectContaining({ code, path: 'to' }));
});

test('an admin and the system give leads to every agent and manager', () => {
  for (const user of [userWith({}), userWith({ roles: ['admin', 'agent'] }), manager]) {
    expect(checkAssignee(admin, user.id, user)).toBe(user);
    expect(checkAssignee(principalWith('all', null), user.id, user)).toBe(user);
  }
});

test('a manager gives leads to the team and to itself', () => {
  const principal = principalWith('team', manager);
  expect(checkAssignee(principal, 'asha', userWith({})).id).toBe('asha');
  const teamless = userWith({ id: 'teamless', roles: ['manager'], teams: [] });
  expect(checkAssignee(principalWith('team', teamless), 'teamless', teamless)).toBe(teamless);
  expect(() => checkAssignee(principal, 'farah', userWith({ id: 'farah', teams: ['south'] }))).toThrow(
    expect.objectContaining({ code: 'PERMISSION_DENIED', message: expect.stringContaining('south') }),
  );
});

test('a lead counts for the team that both have, else for the first of the owner', () => {
  const owner = userWith({ teams: ['east', 'west'] });
  expect(teamOf(principalWith('team', manager), owner)).toBe('west');
  expect(teamOf(admin, owner)).toBe('east');
  expect(teamOf(admin, userWith({ teams: [] }))).toBeNull();
});
