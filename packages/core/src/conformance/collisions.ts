import { deepStrictEqual, equal, ok } from 'node:assert/strict';
import type { LeadId } from '../foundation/kernel/index.js';
import type { Storage } from '../storage/storage.js';
import type { ConformanceCase, ConformanceContext } from './conformance-case.js';
import { sampleLead, sampleUser } from './samples.js';
import { inUnit, together } from './together.js';

/** Long enough for a waiting statement to have reached its engine; nothing depends on it but what is exercised. */
const arrivalMillis = 60;

/** Far beyond what reading twenty leads takes, and far below what any engine waits for a lock. */
const patienceMillis = 2_000;

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, arrivalMillis));
}

export const collisionCases: readonly ConformanceCase[] = [
  {
    id: 'collisions/deadlock',
    level: 'MUST',
    title: 'a unit that meets another transaction crosswise is repeated, and neither change is lost',
    async run(context) {
      const { storage, other, raw } = context;
      const [first, second] = [sampleLead(context), sampleLead(context)];
      // The engine ends the transaction that has done less: the more the other has changed, the surer that it is ours.
      const weights = Array.from({ length: 40 }, () => sampleLead(context));
      await inUnit(storage, 'documents', (unit) => storage.leads.insert(unit, [first, second, ...weights]));
      const stranger = await raw.begin();
      await stranger.place([second.id, ...weights.map(({ id }) => id)]);
      const strangersEnd = async (): Promise<void> => {
        if (raw.concurrency === 'row-locks') await stranger.place([first.id]);
        await stranger.commit();
      };
      let attempts = 0;
      let meeting: Promise<void> | null = null;
      const done = inUnit(storage, 'documents', async (unit) => {
        attempts += 1;
        equal(await storage.leads.replace(unit, { ...first, version: 2, stage: 'met' }, 1), true);
        if (raw.concurrency === 'row-locks') meeting ??= strangersEnd();
        equal(await storage.leads.replace(unit, { ...second, version: 2, stage: 'met' }, 1), true);
      });
      await Promise.race([pause(), done.catch(() => undefined)]);
      await (meeting ?? strangersEnd());
      await done;
      ok(raw.concurrency === 'one-writer' || attempts > 1, 'the collision was not met');
      const crossed = raw.concurrency === 'row-locks' ? [first.id, second.id] : [second.id];
      await standAs(other, [first.id, second.id], crossed);
    },
  },
  {
    id: 'collisions/lost-connection',
    level: 'MUST',
    title: 'a unit whose connection is ended inside it is repeated on another; reads and later units go on',
    async run(context) {
      for (const home of ['documents', 'ledger'] as const) await loseConnection(context, home);
    },
  },
  {
    id: 'collisions/committed-only',
    level: 'MUST',
    title: 'readers see what another transaction wrote when it has committed, and never before',
    async run(context) {
      const { storage, other, raw } = context;
      const lead = sampleLead(context);
      await inUnit(storage, 'documents', (unit) => storage.leads.insert(unit, [lead]));
      for (const outcome of ['rollBack', 'commit'] as const) {
        const stranger = await raw.begin();
        await stranger.place([lead.id]);
        deepStrictEqual(await storage.leads.get(null, [lead.id]), [lead]);
        deepStrictEqual(await other.leads.get(null, [lead.id]), [lead]);
        await stranger[outcome]();
        const seen = outcome === 'commit' ? { ...lead, partner: 'raw', placementVersion: 1 } : lead;
        deepStrictEqual(await storage.leads.get(null, [lead.id]), [seen]);
        deepStrictEqual(await other.leads.get(null, [lead.id]), [seen]);
      }
    },
  },
  {
    id: 'collisions/readers-go-on',
    level: 'SHOULD',
    title: 'reads do not wait for a transaction that is writing what they read',
    async run(context) {
      const { storage, other, raw } = context;
      const leads = Array.from({ length: 20 }, () => sampleLead(context));
      const ids = leads.map(({ id }) => id);
      await inUnit(storage, 'documents', (unit) => storage.leads.insert(unit, leads));
      const stranger = await raw.begin();
      try {
        await stranger.place(ids);
        const reads = Promise.all([storage.leads.get(null, ids), other.leads.get(null, ids)]);
        const late = new Promise<null>((resolve) => setTimeout(resolve, patienceMillis, null));
        ok((await Promise.race([reads, late])) !== null, `no answer within ${patienceMillis} ms`);
      } finally {
        await stranger.rollBack();
      }
    },
  },
  {
    id: 'collisions/many-workers',
    level: 'MUST',
    title: '16 workers who claim 20 pieces of work at once take each piece once and leave none',
    async run(context) {
      const source = context.word('work');
      const pieces = Array.from({ length: 20 }, (_, piece) => piece);
      const claims = await together(context, 16, async (store, worker) => {
        const mine: number[] = [];
        for (const piece of [...pieces.slice(worker), ...pieces.slice(0, worker)]) {
          const isMine = await inUnit(store, 'documents', async (unit) => {
            if ((await store.importReceipts.get(unit, source, piece)) !== null) return false;
            const receipt = { source, batch: piece, version: 1, taken: [], at: '2026-01-15T04:30:00.123Z' };
            return store.importReceipts.save(unit, receipt, 0);
          });
          if (isMine) mine.push(piece);
        }
        return mine;
      });
      deepStrictEqual(
        claims.flat().sort((left, right) => left - right),
        pieces,
      );
    },
  },
];

/** Both leads have our change; those the stranger placed have its change too. */
async function standAs(storage: Storage, ids: readonly LeadId[], placed: readonly LeadId[]): Promise<void> {
  const stored = new Map((await storage.leads.get(null, ids)).map((lead) => [lead.id, lead]));
  for (const id of ids) {
    const lead = stored.get(id);
    const partner = placed.includes(id) ? 'raw' : null;
    deepStrictEqual([lead?.version, lead?.stage, lead?.partner], [2, 'met', partner]);
  }
}

async function loseConnection(context: ConformanceContext, home: 'documents' | 'ledger'): Promise<void> {
  const { storage, other, raw } = context;
  const lead = sampleLead(context);
  const user = sampleUser(context);
  await inUnit(storage, 'documents', (unit) => storage.leads.insert(unit, [lead]));
  await inUnit(storage, 'ledger', (unit) => storage.users.insert(unit, user));
  const write = (stage: string, from: number): Promise<unknown> => {
    let attempts = 0;
    let cut = 0;
    return inUnit(storage, home, async (unit) => {
      attempts += 1;
      if (home === 'documents') await storage.leads.get(unit, [lead.id]);
      else await storage.users.get(unit, user.id);
      if (attempts === 1) cut = await raw.cutOthers();
      const isWritten =
        home === 'documents'
          ? await storage.leads.replace(unit, { ...lead, version: from + 1, stage }, from)
          : await storage.users.replace(unit, { ...user, version: from + 1, name: stage }, from);
      equal(isWritten, true);
    }).then(() => {
      ok(raw.concurrency === 'one-writer' ? cut === 0 : cut > 0, 'no connection was there to end');
      ok(cut === 0 || attempts > 1, 'the end of the connection was not met');
    });
  };
  await write('after one loss', 1);
  await write('after two losses', 2);
  const seen =
    home === 'documents'
      ? (await other.leads.get(null, [lead.id])).map(({ version, stage }) => [version, stage])
      : [await other.users.get(null, user.id)].map((stored) => [stored?.version, stored?.name]);
  deepStrictEqual(seen, [[3, 'after two losses']]);
}
