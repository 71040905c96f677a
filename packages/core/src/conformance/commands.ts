import { deepStrictEqual, equal } from 'node:assert/strict';
import { toInstant } from '../foundation/kernel/index.js';
import type { ConformanceCase } from './conformance-case.js';
import { instantAfter, sampleCommand, sampleLead, sampleUser } from './samples.js';
import { inUnit, together } from './together.js';

const callers = 20;

export const commandCases: readonly ConformanceCase[] = [
  {
    id: 'commands/race-documents',
    level: 'MUST',
    title: 'of 20 units with the same command key one makes its lead; the others find the record',
    async run(context) {
      const { storage } = context;
      const command = sampleCommand(context);
      const leads = Array.from({ length: callers }, () => sampleLead(context));
      const outcomes = await together(context, callers, (store, caller) =>
        inUnit(store, 'documents', async (unit) => {
          const [known] = await store.commands.find(unit, 'documents', command.scope, [command.key]);
          if (known !== undefined) return known.aggregateId;
          const lead = leads[caller] ?? sampleLead(context);
          await store.leads.insert(unit, [lead]);
          await store.commands.record(unit, [{ ...command, aggregateId: lead.id }]);
          return lead.id;
        }),
      );
      equal(new Set(outcomes).size, 1, 'different answers to one command');
      const made = await storage.leads.get(
        null,
        leads.map((lead) => lead.id),
      );
      deepStrictEqual(
        made.map((lead) => lead.id),
        [outcomes[0]],
      );
    },
  },
  {
    id: 'commands/race-ledger',
    level: 'MUST',
    title: 'of 20 ledger units with the same command key one makes its user; the others find the record',
    async run(context) {
      const { storage } = context;
      const command = sampleCommand(context);
      const users = Array.from({ length: callers }, () => sampleUser(context));
      const outcomes = await together(context, callers, (store, caller) =>
        inUnit(store, 'ledger', async (unit) => {
          const [known] = await store.commands.find(unit, 'ledger', command.scope, [command.key]);
          if (known !== undefined) return known.aggregateId;
          const user = users[caller] ?? sampleUser(context);
          await store.users.insert(unit, user);
          await store.commands.record(unit, [{ ...command, aggregateId: user.id }]);
          return user.id;
        }),
      );
      equal(new Set(outcomes).size, 1, 'different answers to one command');
      const made = await Promise.all(users.map((user) => storage.users.get(null, user.id)));
      deepStrictEqual(
        made.flatMap((user) => (user === null ? [] : [user.id])),
        [outcomes[0]],
      );
    },
  },
  {
    id: 'commands/scopes',
    level: 'MUST',
    title: 'keys of two scopes, and keys that differ only in case, never meet; an unknown key finds nothing',
    async run(context) {
      const { storage, other } = context;
      for (const home of ['documents', 'ledger'] as const) {
        const mine = sampleCommand(context, { scope: 'user:asha leads.create' });
        const records = [
          mine,
          { ...mine, scope: 'user:meera leads.create', version: 2 },
          { ...mine, key: mine.key.toUpperCase(), version: 3 },
        ];
        await inUnit(storage, home, (unit) => storage.commands.record(unit, records));
        for (const record of records) {
          const unknown = context.word('key');
          deepStrictEqual(await other.commands.find(null, home, record.scope, [record.key, unknown]), [record]);
        }
        deepStrictEqual(await other.commands.find(null, home, mine.scope, []), []);
      }
    },
  },
  {
    id: 'commands/trim',
    level: 'MUST',
    title: 'trim removes only records that expired before the instant, at most as many as said',
    async run(context) {
      const { storage, other } = context;
      for (const home of ['documents', 'ledger'] as const) {
        const longAgo = Date.UTC(2001, 0, 1);
        const expired = Array.from({ length: 5 }, (_, index) =>
          sampleCommand(context, { expiresAt: toInstant(longAgo + index) }),
        );
        const valid = sampleCommand(context, { expiresAt: instantAfter(0) });
        await inUnit(storage, home, (unit) => storage.commands.record(unit, [...expired, valid]));
        const at = toInstant(longAgo + 4);
        equal(await other.commands.trim(home, at, 3), 3);
        equal(await other.commands.trim(home, at, 3), 1);
        equal(await other.commands.trim(home, at, 3), 0);
        const last = expired.at(-1) ?? valid;
        deepStrictEqual(await storage.commands.find(null, home, last.scope, [last.key]), [last]);
        deepStrictEqual(await storage.commands.find(null, home, valid.scope, [valid.key]), [valid]);
        equal(await storage.commands.trim(home, toInstant(longAgo + 1000), 10), 1);
      }
    },
  },
  {
    id: 'commands/expired-replaced',
    level: 'MUST',
    title: 'a record that has expired is replaced by a new one with its key, in a batch with others',
    async run(context) {
      const { storage, other } = context;
      for (const home of ['documents', 'ledger'] as const) {
        const old = sampleCommand(context, { expiresAt: instantAfter(10) });
        const again = {
          ...old,
          bodyHash: '12'.repeat(32),
          version: 7,
          at: instantAfter(11),
          expiresAt: instantAfter(99),
        };
        const beside = sampleCommand(context);
        await inUnit(storage, home, (unit) => storage.commands.record(unit, [old]));
        await inUnit(other, home, (unit) => other.commands.record(unit, [beside, again]));
        deepStrictEqual(await storage.commands.find(null, home, old.scope, [old.key]), [again]);
        deepStrictEqual(await storage.commands.find(null, home, beside.scope, [beside.key]), [beside]);
      }
    },
  },
];
