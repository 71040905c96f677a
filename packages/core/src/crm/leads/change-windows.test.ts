import { expect, it } from 'vitest';
import { allShapes, describeShapes } from '../../../test-support/shapes.js';
import { loanLead, newStore, openStore } from '../../../test-support/store.js';
import type { Storage } from '../../index.js';

/** A storage in whose reading something is done once: between what a command reads and what it writes. */
interface Window {
  readonly storage: Storage;
  /** @param once awaited before the command goes on with what it had read */
  open(once: () => Promise<unknown>): void;
}

function windowOf(storage: Storage, port: 'leads' | 'uniqueKeys', method: string): Window {
  let waiting: (() => Promise<unknown>) | null = null;
  const inWindow = async (): Promise<void> => {
    const once = waiting;
    waiting = null;
    await once?.();
  };
  const watched = new Proxy(storage[port], {
    get(target, name) {
      const real: unknown = Reflect.get(target, name, target);
      if (typeof real !== 'function') return real;
      if (name !== method) return real.bind(target);
      return async (...given: unknown[]): Promise<unknown> => {
        const answer: unknown = await real.apply(target, given);
        await inWindow();
        return answer;
      };
    },
  });
  return {
    storage: new Proxy(storage, {
      get: (target, name) => (name === port ? watched : Reflect.get(target, name, target)),
    }),
    open(once) {
      waiting = once;
    },
  };
}

describeShapes((makeStorage, { anotherHandle, shape }) => {
  /** MongoDB lets the other commit in the window; the others make it wait, so that nobody may wait for it there. */
  const commitsInWindow = shape === 'hybrid';

  async function twoProcesses(port: 'leads' | 'uniqueKeys', method: 'getForChange' | 'holders') {
    const storage = await makeStorage();
    const window = windowOf(storage, port, method);
    const { admin } = await newStore(window.storage);
    const { admin: elsewhere } = await openStore(await anotherHandle(storage));
    return { admin, elsewhere, window };
  }

  it('a lead that another process changes between reading and writing keeps both changes', async () => {
    const { admin, elsewhere, window } = await twoProcesses('leads', 'getForChange');
    const lead = await admin.leads.create(loanLead());
    let other: Promise<unknown> = Promise.resolve();
    window.open(async () => {
      other = elsewhere.leads.update(lead.id, { properties: { second: 'set' } });
      if (commitsInWindow) await other;
    });
    const first = await admin.leads.update(lead.id, { properties: { first: 'set' } });
    await other;
    expect(first.version).toBe(commitsInWindow ? 3 : 2);
    expect(await admin.leads.get(lead.id)).toMatchObject({ version: 3, properties: { first: 'set', second: 'set' } });
  });

  it('of two processes that expect the same version, the one that comes to write it second is told', async () => {
    const { admin, elsewhere, window } = await twoProcesses('leads', 'getForChange');
    const lead = await admin.leads.create(loanLead());
    let other: Promise<string> = Promise.resolve('');
    window.open(async () => {
      other = elsewhere.leads
        .update(lead.id, { properties: { second: 'set' } }, { expectedVersion: 1 })
        .then(() => 'ok', codeOf);
      if (commitsInWindow) await other;
    });
    const first = await admin.leads
      .update(lead.id, { properties: { first: 'set' } }, { expectedVersion: 1 })
      .then(() => 'ok', codeOf);
    expect([first, await other].sort()).toEqual(['LEAD_VERSION_STALE', 'ok']);
    expect((await admin.leads.get(lead.id)).version).toBe(2);
  });

  it('a phone that another process takes between looking and claiming goes to one of the two', async () => {
    const { admin, elsewhere, window } = await twoProcesses('uniqueKeys', 'holders');
    const mobile = '9876501234';
    let other: Promise<string> = Promise.resolve('');
    window.open(async () => {
      other = elsewhere.leads.create(loanLead({ mobile })).then(() => 'ok', codeOf);
      if (commitsInWindow || shape === 'mysql') await other;
    });
    const first = await admin.leads.create(loanLead({ mobile })).then(() => 'ok', codeOf);
    expect([first, await other].sort()).toEqual(['LEAD_DUPLICATE', 'ok']);
    expect((await admin.leads.list().page()).items).toHaveLength(1);
  });
}, allShapes);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
