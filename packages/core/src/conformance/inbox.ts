import { deepStrictEqual, equal } from 'node:assert/strict';
import type { InboxQuery, NewInboxNotice } from '../crm/notify/inbox/inbox-store.js';
import type { StoredPreferences } from '../crm/notify/preferences/preference-store.js';
import type { Storage } from '../storage/storage.js';
import type { ConformanceCase, ConformanceContext } from './conformance-case.js';
import { instantAfter } from './samples.js';
import { inUnit, together } from './together.js';

const now = instantAfter(60_000);

function sampleNotice(context: ConformanceContext, change: Partial<NewInboxNotice> = {}): NewInboxNotice {
  return {
    id: context.ids.next<'notification'>(),
    userId: 'asha',
    eventType: 'lead.stage_changed',
    rule: 'tell-owner',
    leadId: context.ids.next<'lead'>(),
    bookVersion: 3,
    details: { at: instantAfter(0), from: 'new', to: 'contacted' },
    madeAt: instantAfter(5),
    ...change,
  };
}

function insert({ storage }: Pick<ConformanceContext, 'storage'>, notices: readonly NewInboxNotice[]): Promise<void> {
  return inUnit(storage, 'ledger', (unit) => storage.inbox.insert(unit, notices));
}

function markRead(storage: Storage, userId: string, ids: readonly string[]): Promise<number> {
  return inUnit(storage, 'ledger', (unit) => storage.inbox.markRead(unit, { userId, ids, at: now }));
}

/** Of one user five notices, two of one moment, and one of another. */
async function filled(context: ConformanceContext) {
  const [userId, another] = [context.word('reader'), context.word('other')];
  const made = Array.from({ length: 5 }, (_, at) =>
    sampleNotice(context, { userId, madeAt: instantAfter(Math.floor(at / 2)) }),
  );
  const theirs = sampleNotice(context, { userId: another });
  await insert(context, [...made, theirs]);
  const newestFirst = [...made].sort((one, other) =>
    `${one.madeAt}${one.id}` < `${other.madeAt}${other.id}` ? 1 : -1,
  );
  return { userId, another, made, theirs, newestFirst };
}

export const inboxCases: readonly ConformanceCase[] = [
  {
    id: 'inbox/list',
    level: 'MUST',
    title: 'each user finds its own notices, as they were made, the newest first, without gap or repeat',
    async run(context) {
      const { userId, another, made, theirs, newestFirst } = await filled(context);
      await insert(context, made);
      const list = (query: Partial<InboxQuery>) =>
        context.other.inbox.list({ userId, unread: false, limit: 10, ...query });
      deepStrictEqual(
        await list({}),
        newestFirst.map((notice) => ({ ...notice, readAt: null })),
      );
      deepStrictEqual(
        (await list({ userId: another })).map(({ id }) => id),
        [theirs.id],
      );
      const seen: string[] = [];
      for (let page = 0; page < 4; page += 1) {
        const after = newestFirst[seen.length - 1];
        const found = await list({ limit: 2, unread: page % 2 === 0, ...(after === undefined ? {} : { after }) });
        seen.push(...found.map(({ id }) => id));
      }
      deepStrictEqual(
        seen,
        newestFirst.map(({ id }) => id),
      );
    },
  },
  {
    id: 'inbox/read-once',
    level: 'MUST',
    title: 'of many who mark the same each notice is marked by one, and only by its user; the others stay unread',
    async run(context) {
      const { userId, another, theirs, newestFirst } = await filled(context);
      const [newest, second, ...rest] = newestFirst.map(({ id }) => id);
      if (newest === undefined || second === undefined) throw new Error('nothing was made');
      const ids = [newest, second, theirs.id, context.ids.next<'notification'>()];
      const marked = await together(context, 6, (storage) => markRead(storage, userId, ids));
      equal(
        marked.reduce((total, count) => total + count, 0),
        2,
        'notices marked',
      );
      const { inbox } = context.other;
      const unread = await inbox.list({ userId, unread: true, limit: 10 });
      deepStrictEqual(
        unread.map(({ id }) => id),
        rest,
      );
      const [read] = await inbox.list({ userId, unread: false, limit: 1 });
      deepStrictEqual([read?.id, read?.readAt], [newest, now]);
      deepStrictEqual([await inbox.unread(userId, 10), await inbox.unread(userId, 2)], [3, 2]);
      equal(await inbox.unread(another, 10), 1, 'of the other');
      // The oldest of those that are left.
      const until = newestFirst.at(-1)?.madeAt ?? now;
      const oldest = newestFirst.filter(({ madeAt }) => madeAt <= until).map(({ id }) => id);
      deepStrictEqual(await inbox.unreadIds({ userId, until, limit: 10 }), [...oldest].reverse());
      deepStrictEqual(await inbox.unreadIds({ userId, until: now, limit: 1 }), oldest.slice(-1));
    },
  },
  {
    id: 'inbox/trim',
    level: 'MUST',
    title: 'old notices are forgotten, read or not, no more than asked for',
    async run(context) {
      const userId = context.word('reader');
      const made = [0, 1, 2].map((place) =>
        sampleNotice(context, { userId, madeAt: instantAfter(-95_000_000 + place) }),
      );
      await insert(context, made);
      await markRead(context.storage, userId, [made[0]?.id ?? '']);
      equal(await context.storage.inbox.trim(instantAfter(-95_000_000 + 2), 1), 1, 'one at a time');
      equal(await context.storage.inbox.trim(instantAfter(-95_000_000 + 2), 10), 1, 'those before that moment');
      deepStrictEqual(
        (await context.other.inbox.list({ userId, unread: false, limit: 9 })).map(({ id }) => id),
        [made[2]?.id],
      );
      await context.storage.inbox.trim(instantAfter(-95_000_000 + 3), 10);
    },
  },
  {
    id: 'notice-preferences/one-version',
    level: 'MUST',
    title:
      'of those who write one version at once one does, also the first; they are read back as written, for many users',
    async run(context) {
      const { other } = context;
      const preferences = (userId: string, version: number): StoredPreferences => ({
        userId,
        choices: { 'tell-owner/email': 'off', '*/in-app': 'on' },
        language: 'hi',
        quietHours: { from: '21:00', to: '08:00', timeZone: 'Asia/Kolkata' },
        ...{ version, updatedAt: now, updatedBy: 'user:asha' },
      });
      const userId = context.word('chooser');
      const save = (storage: Storage, saved: StoredPreferences): Promise<boolean> =>
        inUnit(storage, 'ledger', (unit) => storage.noticePreferences.save(unit, saved));
      for (const version of [1, 2]) {
        const written = await together(context, 6, (storage, place) =>
          save(storage, { ...preferences(userId, version), language: `x${place}` }),
        );
        equal(written.filter(Boolean).length, 1, `of version ${version}`);
        const stored = await other.noticePreferences.get(null, userId);
        deepStrictEqual(stored, { ...preferences(userId, version), language: `x${written.indexOf(true)}` });
      }
      equal(await save(other, preferences(userId, 4)), false, 'a version left out');
      const plain = {
        ...preferences(context.word('plain'), 1),
        choices: {},
        language: null,
        quietHours: 'none',
      } as const;
      equal(await save(other, plain), true);
      const found = await other.noticePreferences.ofUsers([plain.userId, context.word('nobody'), userId]);
      deepStrictEqual(found.map((each) => each.userId).sort(), [plain.userId, userId].sort());
      deepStrictEqual(
        found.find((each) => each.userId === plain.userId),
        plain,
      );
    },
  },
];
