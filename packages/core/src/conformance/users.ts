import { deepStrictEqual, equal } from 'node:assert/strict';
import type { ConformanceCase } from './conformance-case.js';
import { sampleUser } from './samples.js';
import { inUnit, together } from './together.js';

export const userCases: readonly ConformanceCase[] = [
  {
    id: 'users/unique-email',
    level: 'MUST',
    title: 'of 20 callers who insert users with one email at once one gets true; replace says email-taken',
    async run(context) {
      const { storage, other } = context;
      const email = `${context.word('mail')}@example.test`;
      const users = Array.from({ length: 20 }, () => sampleUser(context, { email }));
      const outcomes = await together(context, 20, (store, caller) =>
        inUnit(store, 'ledger', (unit) => store.users.insert(unit, users[caller] ?? sampleUser(context))),
      );
      equal(outcomes.filter(Boolean).length, 1, 'callers that were told true');
      const winner = users[outcomes.indexOf(true)];
      deepStrictEqual(await other.users.findByEmail(null, email), winner);
      const another = sampleUser(context);
      equal(await inUnit(storage, 'ledger', (unit) => storage.users.insert(unit, another)), true);
      const renamed = { ...another, email, version: 2 };
      equal(await inUnit(storage, 'ledger', (unit) => storage.users.replace(unit, renamed, 1)), 'email-taken');
      deepStrictEqual(await other.users.get(null, another.id), another);
    },
  },
  {
    id: 'users/refused-insert-keeps-unit',
    level: 'MUST',
    title: 'an id that is taken gives false and leaves the unit usable; users without email do not clash',
    async run(context) {
      const { storage, other } = context;
      const first = sampleUser(context, { email: null });
      const second = sampleUser(context, {
        email: null,
        roles: ['admin', 'auditor'],
        teams: [],
        partner: 'acme-finance',
      });
      await inUnit(storage, 'ledger', async (unit) => {
        equal(await storage.users.insert(unit, first), true);
        equal(await storage.users.insert(unit, { ...first, name: 'Somebody else' }), false);
        equal(await storage.users.insert(unit, second), true);
        deepStrictEqual(await storage.users.get(unit, second.id), second);
      });
      deepStrictEqual(await other.users.get(null, first.id), first);
      deepStrictEqual(await other.users.get(null, second.id), second);
      equal(await other.users.get(null, context.word('user')), null);
      equal(await other.users.findByEmail(null, `${context.word('mail')}@example.test`), null);
    },
  },
  {
    id: 'users/list',
    level: 'MUST',
    title: 'users page by id and are filtered by team, role and activity; ids in teams are found once each',
    async run(context) {
      const { storage, other } = context;
      const team = context.word('team');
      const beside = context.word('team');
      const users = [
        sampleUser(context, { teams: [team] }),
        sampleUser(context, { teams: [beside, team], roles: ['manager'] }),
        sampleUser(context, { teams: [team], active: false }),
        sampleUser(context, { teams: [team.toUpperCase()] }),
      ];
      const before = await storage.users.count();
      await inUnit(storage, 'ledger', async (unit) => {
        for (const user of users) await storage.users.insert(unit, user);
      });
      equal(await other.users.count(), before + 4);
      const ids = users.map((user) => user.id).sort();
      const first = await other.users.list({ team, limit: 2 });
      const rest = await other.users.list({ team, after: first.at(-1)?.id ?? '', limit: 2 });
      deepStrictEqual(
        [...first, ...rest].map((user) => user.id),
        ids.filter((id) => id !== users[3]?.id),
      );
      deepStrictEqual(await other.users.list({ team, role: 'manager', limit: 5 }), [users[1]]);
      deepStrictEqual(await other.users.list({ team, active: false, limit: 5 }), [users[2]]);
      deepStrictEqual(
        [...(await other.users.idsInTeams([team, beside]))].sort(),
        ids.filter((id) => id !== users[3]?.id),
      );
      deepStrictEqual(await other.users.idsInTeams([]), []);
    },
  },
];
