import { beforeEach, expect, test } from 'vitest';
import { allEngines, describeShapes } from '../../../test-support/shapes.js';
import { openUserService } from '../../../test-support/user-service.js';
import type { Storage } from '../../storage/storage.js';
import { type Actor, systemActor } from '../kernel/index.js';
import type { UserService } from './user-service.js';

const admin: Actor = { kind: 'user', id: 'meera' };

describeShapes((makeStorage, { anotherHandle }) => {
  let store: Storage;
  /** The same directory as two processes have it, in turn. */
  let processes: readonly [UserService, UserService];
  const inTurn = (index: number): UserService => processes[index % 2 === 0 ? 0 : 1];

  beforeEach(async () => {
    store = await makeStorage();
    processes = [openUserService(store), openUserService(await anotherHandle(store))];
  });

  function refusals(outcomes: readonly PromiseSettledResult<unknown>[]): readonly unknown[] {
    return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  }

  test('the first admin is made once, however many make one at the same time', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        inTurn(index).bootstrapAdmin({ id: `admin-${index}`, name: 'Meera Joshi' }),
      ),
    );
    expect(refusals(outcomes)).toMatchObject(Array.from({ length: 7 }, () => ({ code: 'USER_EXISTS' })));
    expect(await store.users.count()).toBe(1);
    expect(await store.audit.list({ limit: 10 })).toMatchObject([{ eventType: 'user.created', actor: 'system:init' }]);
  });

  test('changes at the same time all take effect; of those that expect a version one does', async () => {
    await inTurn(0).bootstrapAdmin({ id: 'meera', name: 'Meera Joshi' });
    await inTurn(0).create(admin, { id: 'ravi', name: 'Ravi Kumar', roles: ['agent'] });
    const change = (index: number, options = {}): Promise<unknown> =>
      inTurn(index).update(admin, 'ravi', { teams: [`team-${index}`] }, options);
    await Promise.all(Array.from({ length: 4 }, (_, index) => change(index)));
    expect((await inTurn(0).get(admin, 'ravi')).version).toBe(5);
    const expecting = Array.from({ length: 4 }, (_, index) => change(10 + index, { expectedVersion: 5 }));
    expect(refusals(await Promise.allSettled(expecting))).toMatchObject(
      Array.from({ length: 3 }, () => ({ code: 'USER_VERSION_STALE' })),
    );
    expect(await store.audit.list({ limit: 50, eventType: 'user.updated' })).toHaveLength(5);
  });

  test('two admins who deactivate or demote each other at the same moment leave one of them', async () => {
    await inTurn(0).bootstrapAdmin({ id: 'meera', name: 'Meera Joshi' });
    await inTurn(0).create(admin, { id: 'ravi', name: 'Ravi Kumar', roles: ['admin'] });
    const console = systemActor('console');
    for (let round = 0; round < 5; round += 1) {
      const outcomes = await Promise.allSettled([
        inTurn(0).update(console, 'ravi', { roles: ['manager'] }),
        inTurn(1).deactivate(console, 'meera'),
      ]);
      expect(refusals(outcomes)).toMatchObject([{ code: 'USER_LAST_ADMIN' }]);
      const left = await store.unitOfWork.run('ledger', (unit) => store.users.activeAdmins(unit));
      expect(left).toHaveLength(1);
      await inTurn(round).activate(console, 'meera');
      await inTurn(round).update(console, 'ravi', { roles: ['admin'] });
    }
  });

  test('an email is given to one of those who ask for it at the same time', async () => {
    await inTurn(0).bootstrapAdmin({ id: 'meera', name: 'Meera Joshi' });
    const asked = Array.from({ length: 6 }, (_, index) =>
      inTurn(index).create(admin, { id: `agent-${index}`, name: 'Agent', email: 'desk@example.in', roles: ['agent'] }),
    );
    expect(refusals(await Promise.allSettled(asked))).toMatchObject(
      Array.from({ length: 5 }, () => ({ code: 'USER_EXISTS' })),
    );
    expect(await store.users.count()).toBe(2);
  });
});

describeShapes((makeStorage, { anotherHandle }) => {
  test('of two admins who take the role from each other the second waits for the first, and is refused', async () => {
    const store = await makeStorage();
    const second = openUserService(await anotherHandle(store));
    const console = systemActor('console');
    let other: Promise<unknown> | null = null;
    let isOver = false;
    const users: Storage['users'] = {
      ...store.users,
      async activeAdmins(unit) {
        const admins = await store.users.activeAdmins(unit);
        other ??= second.deactivate(console, 'meera').catch((error: unknown) => error);
        other.finally(() => (isOver = true));
        // The first has seen two admins and has written nothing: the second must not see two as well.
        await new Promise((resolve) => setTimeout(resolve, 250));
        expect(isOver).toBe(false);
        return admins;
      },
    };
    const first = openUserService({ ...store, users });
    await first.bootstrapAdmin({ id: 'meera', name: 'Meera Joshi' });
    await first.create(admin, { id: 'ravi', name: 'Ravi Kumar', roles: ['admin'] });
    await first.update(console, 'ravi', { roles: ['manager'] });
    expect(await other).toMatchObject({ code: 'USER_LAST_ADMIN' });
    expect(await store.unitOfWork.run('ledger', (unit) => store.users.activeAdmins(unit))).toEqual(['meera']);
  });
}, allEngines);
