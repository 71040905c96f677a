import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqlite } from '../../storage/sqlite.js';
import type { Storage } from '../../storage/storage.js';
import { type Actor, systemActor } from '../kernel/index.js';
import { AccessService } from './access-service.js';
import type { User } from './user-store.js';

const at = '2026-01-31T09:30:00.000Z';
const base: User = {
  id: 'asha',
  name: 'Asha Rao',
  email: null,
  roles: ['agent'],
  teams: [],
  partner: null,
  active: true,
  version: 1,
  createdAt: at,
  updatedAt: at,
};
const directory: readonly Partial<User>[] = [
  { id: 'admin', roles: ['admin'] },
  { id: 'meera', roles: ['manager'], teams: ['west'] },
  { id: 'teamless', roles: ['manager'] },
  { id: 'asha', teams: ['west'] },
  { id: 'ravi', teams: ['west', 'east'] },
  { id: 'farah', teams: ['south'] },
  { id: 'acme-desk', roles: ['partner'], partner: 'acme' },
  { id: 'audit', roles: ['auditor'] },
  { id: 'left', active: false },
];
const user = (id: string): Actor => ({ kind: 'user', id });

let folder: string;
let store: Storage;
let access: AccessService;
let now = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-access-'));
  store = sqlite({ file: join(folder, 'lms.db') });
  await store.open();
  await store.unitOfWork.run('ledger', async (unit) => {
    for (const change of directory) await store.users.insert(unit, { ...base, ...change });
  });
  access = new AccessService({ users: store.users, clock: { now: () => now } });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

function replace(change: Partial<User>): Promise<boolean | 'email-taken'> {
  return store.unitOfWork.run('ledger', async (unit) => {
    const before = (await store.users.get(unit, change.id ?? 'asha')) ?? base;
    return store.users.replace(unit, { ...before, ...change, version: before.version + 1 }, before.version);
  });
}

describe('a permission', () => {
  test('makes a principal of who has it', async () => {
    expect(await access.require(user('meera'), 'leads.assign')).toMatchObject({
      ref: 'user:meera',
      user: { id: 'meera' },
      roles: ['manager'],
      permission: 'leads.assign',
      scope: 'team',
      masked: false,
    });
    expect(await access.require(user('audit'), 'leads.read')).toMatchObject({ scope: 'all', masked: true });
  });

  test('that is missing is named, with the roles that have it', async () => {
    await expect(access.require(user('asha'), 'schema.publish')).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
      message: expect.stringMatching(/schema\.publish.*admin.*agent/),
      details: { permission: 'schema.publish', roles: ['admin'] },
    });
    await expect(access.require({ kind: 'partner', id: 'acme' }, 'leads.create')).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
  });

  test.each(['nobody', 'left', '', '__proto__'])('is refused to %j, who is not there or not active', async (id) => {
    await expect(access.require(user(id), 'leads.read')).rejects.toMatchObject({ code: 'ACTOR_UNKNOWN' });
  });
});

describe('row scope', () => {
  const nothing = { everything: false, ownerIds: [], unowned: false, collaboratorId: null, partner: null };

  test.each<[string, Actor, object]>([
    ['an admin sees everything', user('admin'), { everything: true }],
    ['an auditor sees everything', user('audit'), { everything: true }],
    ['the system sees everything', systemActor('relay'), { everything: true }],
    [
      'a manager sees the team, unowned leads and those it works on',
      user('meera'),
      { ...nothing, ownerIds: ['meera', 'asha', 'ravi'], unowned: true, collaboratorId: 'meera' },
    ],
    [
      'a manager without a team sees unowned leads and its own',
      user('teamless'),
      { ...nothing, ownerIds: ['teamless'], unowned: true, collaboratorId: 'teamless' },
    ],
    ['an agent sees its own', user('ravi'), { ...nothing, ownerIds: ['ravi'], collaboratorId: 'ravi' }],
    ['a partner user sees what was sent to its partner', user('acme-desk'), { ...nothing, partner: 'acme' }],
    ['a partner sees what was sent to it', { kind: 'partner', id: 'acme' }, { ...nothing, partner: 'acme' }],
  ])('%s', async (_sentence, actor, expected) => {
    const principal = await access.require(actor, 'leads.read');
    expect(await access.rowScope(principal)).toEqual(expected);
  });

  test('joins what several roles see', async () => {
    await replace({ id: 'acme-desk', roles: ['agent', 'partner'] });
    const principal = await access.require(user('acme-desk'), 'leads.read');
    expect(await access.rowScope(principal)).toEqual({
      ...nothing,
      ownerIds: ['acme-desk'],
      collaboratorId: 'acme-desk',
      partner: 'acme',
    });
  });

  test('of another permission may be narrower', async () => {
    const principal = await access.require(user('acme-desk'), 'leads.read');
    expect(await access.rowScope(principal, 'leads.delete')).toEqual(nothing);
    expect(await access.rowScope(await access.require(user('audit'), 'leads.read'), 'leads.update')).toEqual(nothing);
  });

  test('answers for one lead as for a list', async () => {
    const manager = await access.require(user('meera'), 'leads.read');
    const agent = await access.require(user('asha'), 'leads.read');
    const lead = { ownerId: 'ravi', collaboratorIds: [], partner: null };
    expect(await access.canSee(manager, lead)).toBe(true);
    expect(await access.canSee(manager, { ...lead, ownerId: 'farah' })).toBe(false);
    expect(await access.canSee(agent, lead)).toBe(false);
    expect(await access.canSee(agent, { ...lead, collaboratorIds: ['asha'] })).toBe(true);
    expect(await access.canSee(agent, { ...lead, ownerId: null })).toBe(false);
  });
});

test('what another process changes takes effect within two seconds', async () => {
  await access.require(user('asha'), 'leads.read');
  await replace({ id: 'asha', active: false });
  now += 1999;
  await access.require(user('asha'), 'leads.read');
  now += 1;
  await expect(access.require(user('asha'), 'leads.read')).rejects.toMatchObject({ code: 'ACTOR_UNKNOWN' });
});

test('what this process changes takes effect at once', async () => {
  const manager = await access.require(user('meera'), 'leads.read');
  await access.rowScope(manager);
  await replace({ id: 'farah', teams: ['west'] });
  access.forgetUsers();
  expect(await access.rowScope(manager)).toMatchObject({ ownerIds: ['meera', 'asha', 'farah', 'ravi'] });
});
