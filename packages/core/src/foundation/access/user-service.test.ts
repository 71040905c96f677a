import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openUserService } from '../../../test-support/user-service.js';
import { sqlite } from '../../storage/sqlite.js';
import type { Storage } from '../../storage/storage.js';
import type { Actor } from '../kernel/index.js';
import type { UserService } from './user-service.js';

const user = (id: string): Actor => ({ kind: 'user', id });
const admin = user('meera');
const ravi = { id: 'ravi', name: 'Ravi Kumar', email: 'Ravi@Example.in', roles: ['agent'], teams: ['west'] } as const;

let folder: string;
let store: Storage;
let users: UserService;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-users-'));
  store = sqlite({ file: join(folder, 'lms.db') });
  await store.open();
  users = openUserService(store);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

describe('the first admin', () => {
  test('can add users', async () => {
    await users.bootstrapAdmin({ id: 'meera', name: 'Meera Joshi' });
    const made = await users.create(admin, ravi);
    expect(made).toMatchObject({ id: 'ravi', email: 'ravi@example.in', active: true, version: 1 });
    expect(await users.get(admin, 'ravi')).toEqual(made);
  });
});

describe('with an admin', () => {
  beforeEach(async () => {
    await users.bootstrapAdmin({ id: 'meera', name: 'Meera Joshi', email: 'meera@example.in' });
    await users.create(admin, ravi);
  });

  test('nobody else writes users', async () => {
    await expect(users.create(user('ravi'), { ...ravi, id: 'x' })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    await expect(users.update(user('ravi'), 'ravi', { roles: ['admin'] })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    await expect(users.create(user('nobody'), ravi)).rejects.toMatchObject({ code: 'ACTOR_UNKNOWN' });
  });

  test('an id or email is given once, in any spelling', async () => {
    await expect(users.create(admin, { ...ravi, email: null })).rejects.toMatchObject({ code: 'USER_EXISTS' });
    await expect(users.create(admin, { ...ravi, id: 'other', email: 'RAVI@example.IN' })).rejects.toMatchObject({
      code: 'USER_EXISTS',
    });
    await users.create(admin, { ...ravi, id: 'other', email: null });
    await expect(users.update(admin, 'other', { email: 'ravi@example.in' })).rejects.toMatchObject({
      code: 'USER_EXISTS',
    });
    expect(await users.get(admin, 'other')).toMatchObject({ email: null, version: 1 });
  });

  test('a change raises the version and leaves the rest as it is', async () => {
    const changed = await users.update(admin, 'ravi', { teams: ['east'] }, { expectedVersion: 1 });
    expect(changed).toMatchObject({ name: 'Ravi Kumar', teams: ['east'], roles: ['agent'], version: 2 });
    await expect(users.update(admin, 'ravi', { teams: ['north'] }, { expectedVersion: 1 })).rejects.toMatchObject({
      code: 'USER_VERSION_STALE',
      details: { currentVersion: 2 },
    });
  });

  test('a change that changes nothing writes nothing', async () => {
    expect(await users.update(admin, 'ravi', { name: ' Ravi  Kumar ' })).toMatchObject({ version: 1 });
    expect(await store.audit.list({ limit: 10, eventType: 'user.updated' })).toEqual([]);
  });

  test('whoever is deactivated is refused at once, until activated', async () => {
    await users.get(user('ravi'), 'ravi');
    expect(await users.deactivate(admin, 'ravi')).toMatchObject({ active: false, version: 2 });
    await expect(users.get(user('ravi'), 'ravi')).rejects.toMatchObject({ code: 'ACTOR_UNKNOWN' });
    await users.activate(admin, 'ravi');
    expect(await users.get(user('ravi'), 'ravi')).toMatchObject({ active: true, version: 3 });
  });

  test('an admin cannot lock themselves out', async () => {
    await expect(users.deactivate(admin, 'meera')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    await expect(users.update(admin, 'meera', { roles: ['manager'] })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    expect(await users.update(admin, 'meera', { roles: ['manager', 'admin'] })).toMatchObject({ version: 2 });
  });

  test('the role partner cannot be left without a partner', async () => {
    await expect(users.update(admin, 'ravi', { roles: ['partner'] })).rejects.toMatchObject({ path: 'partner' });
    await users.update(admin, 'ravi', { roles: ['partner'], partner: 'acme' });
    await expect(users.update(admin, 'ravi', { roles: ['agent'] })).rejects.toMatchObject({ path: 'partner' });
  });

  test('a change stopped before it is committed leaves nothing', async () => {
    const signal = AbortSignal.abort();
    await expect(users.update(admin, 'ravi', { teams: [] }, { signal })).rejects.toMatchObject({
      code: 'COMMAND_ABORTED',
    });
    expect(await users.get(admin, 'ravi')).toMatchObject({ version: 1 });
  });

  test('the trail shows what changed, names and emails masked', async () => {
    await users.update(admin, 'ravi', { name: 'Ravi Verma', roles: ['manager'] });
    const [updated, created] = await store.audit.list({ limit: 10, aggregateKind: 'user', aggregateId: 'ravi' });
    expect(created).toMatchObject({
      eventType: 'user.created',
      changes: { name: 'R****** K******', email: 'r******@******.in', roles: ['agent'], teams: ['west'] },
      sealed: null,
    });
    expect(updated).toMatchObject({
      eventType: 'user.updated',
      actor: 'user:meera',
      aggregate: { kind: 'user', id: 'ravi', version: 2 },
      changes: {
        name: { from: 'R****** K******', to: 'R****** V******' },
        roles: { from: ['agent'], to: ['manager'] },
      },
    });
    const trail = JSON.stringify(await store.audit.list({ limit: 10 }));
    for (const clear of ['Ravi', 'Kumar', 'Verma', 'ravi@', 'Joshi']) expect(trail).not.toContain(clear);
  });

  describe('the list', () => {
    beforeEach(async () => {
      const agent = { name: 'Agent', roles: ['agent'] } as const;
      await users.create(admin, { ...agent, id: 'asha', teams: ['west', 'east'] });
      await users.create(admin, { ...agent, id: 'farah', teams: ['south'] });
      await users.create(admin, { ...agent, id: 'lead-west', roles: ['manager'], teams: ['west'] });
      await users.create(admin, { ...agent, id: 'inspector', roles: ['auditor'] });
    });
    const idsSeenBy = async (id: string): Promise<readonly string[]> =>
      (await users.list(user(id))).users.map((one) => one.id);

    test('shows each role whom it may see', async () => {
      expect(await idsSeenBy('meera')).toEqual(['asha', 'farah', 'inspector', 'lead-west', 'meera', 'ravi']);
      expect(await idsSeenBy('lead-west')).toEqual(['asha', 'lead-west', 'ravi']);
      expect(await idsSeenBy('farah')).toEqual(['farah']);
      await expect(users.get(user('lead-west'), 'farah')).rejects.toMatchObject({ code: 'USER_NOT_FOUND' });
      await expect(users.get(user('farah'), 'ravi')).rejects.toMatchObject({ code: 'USER_NOT_FOUND' });
    });

    test('masks names and emails for auditors', async () => {
      const { users: seen } = await users.list(user('inspector'), { team: 'west' });
      expect(seen.find((one) => one.id === 'ravi')).toMatchObject({
        name: 'R****** K******',
        email: 'r******@******.in',
      });
    });

    test('filters and goes page by page without a gap', async () => {
      expect((await users.list(admin, { role: 'agent', team: 'west' })).users.map((one) => one.id)).toEqual([
        'asha',
        'ravi',
      ]);
      await users.deactivate(admin, 'asha');
      expect((await users.list(admin, { active: false })).users).toMatchObject([{ id: 'asha' }]);
      const seen: string[] = [];
      let after: string | null = '';
      while (after !== null) {
        const page = await users.list(admin, { limit: 2, ...(after === '' ? {} : { after }) });
        seen.push(...page.users.map((one) => one.id));
        after = page.next;
      }
      expect(seen).toEqual(['asha', 'farah', 'inspector', 'lead-west', 'meera', 'ravi']);
      await expect(users.list(admin, { limit: 201 })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    });

    test('finds whom a manager may see behind hundreds it may not', async () => {
      for (let index = 0; index < 210; index += 1) {
        await users.create(admin, { id: `a-${String(index).padStart(3, '0')}`, name: 'Other', roles: ['agent'] });
      }
      expect(await idsSeenBy('lead-west')).toEqual(['asha', 'lead-west', 'ravi']);
    });
  });
});
