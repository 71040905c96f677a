import { deepStrictEqual, equal } from 'node:assert/strict';
import {
  freshNotification as fresh,
  type NewNotification,
  type NotificationQuery,
  type StoredNoticeBook,
  type StoredNotification,
} from '../crm/notify/notices/notification-store.js';
import type { ConformanceCase, ConformanceContext } from './conformance-case.js';
import { instantAfter } from './samples.js';
import { inUnit, together } from './together.js';

const now = instantAfter(60_000);

function sampleNotification(context: ConformanceContext, change: Partial<NewNotification> = {}): NewNotification {
  return {
    id: context.ids.next<'notification'>(),
    eventId: context.ids.next<'event'>(),
    eventType: 'lead.stage_changed',
    rule: 'tell-applicant',
    recipient: 'person',
    channel: 'email',
    leadId: context.ids.next<'lead'>(),
    bookVersion: 3,
    details: { at: instantAfter(0), from: 'new', to: 'contacted' },
    madeAt: instantAfter(5),
    status: 'waiting',
    reason: null,
    ...change,
  };
}

function insert(
  { storage }: Pick<ConformanceContext, 'storage'>,
  given: readonly NewNotification[],
): Promise<ReadonlySet<string>> {
  return inUnit(storage, 'ledger', (unit) => storage.notifications.insert(unit, given));
}

/** As the next version of what was read. */
function save(
  storage: ConformanceContext['storage'],
  changed: StoredNotification,
  { version }: Pick<StoredNotification, 'version'>,
): Promise<boolean> {
  return inUnit(storage, 'ledger', (unit) => storage.notifications.save(unit, { ...changed, version: version + 1 }));
}

function sampleBook(version: number, name: string): StoredNoticeBook {
  const template = { name, channel: 'email', language: 'hi', subject: 'नमस्ते {{person.name}}', text: 'आप' } as const;
  return { version, book: { templates: [template], rules: [] }, publishedAt: now, publishedBy: 'user:asha' };
}

export const notificationCases: readonly ConformanceCase[] = [
  {
    id: 'notifications/once',
    level: 'MUST',
    title: 'what many add at once is added by one of them, and read back as it was made',
    async run(context) {
      const waiting = Array.from({ length: 4 }, () => sampleNotification(context));
      const delivered = { channel: 'in-app', recipient: 'user:asha', status: 'sent' } as const;
      const made = [...waiting, sampleNotification(context, delivered)];
      const added = await together(context, 6, (storage) => insert({ storage }, made));
      deepStrictEqual(added.flatMap((ids) => [...ids]).sort(), made.map(({ id }) => id).sort());
      for (const each of made) deepStrictEqual(await context.other.notifications.get(null, each.id), fresh(each));
      const more = sampleNotification(context);
      deepStrictEqual([...(await insert(context, [...made, more]))], [more.id]);
    },
  },
  {
    id: 'notifications/one-try',
    level: 'MUST',
    title: 'of callers that begin the same try one does, and whoever knows of fewer tries writes nothing',
    async run(context) {
      const made = sampleNotification(context);
      await insert(context, [made]);
      const begun: StoredNotification = {
        ...fresh(made),
        ...{ status: 'sending', language: 'hi', attempts: 1, version: 2, updatedAt: now },
      };
      const held = await together(context, 6, (storage) => save(storage, begun, fresh(made)));
      equal(held.filter(Boolean).length, 1, 'tries begun');
      deepStrictEqual(await context.other.notifications.get(null, made.id), begun);
      equal(await save(context.other, { ...begun, status: 'failed' }, fresh(made)), false, 'written by who lost it');
      const ended: StoredNotification = {
        ...begun,
        ...{ status: 'failed', reason: 'NOTICE_REFUSED', answer: 'SMTP 550', bookVersion: 4 },
        ...{ version: 3, edition: 2, heldUntil: instantAfter(9_000) },
      };
      equal(await save(context.storage, ended, begun), true, 'written by who has it');
      equal(await save(context.other, { ...begun, status: 'waiting' }, begun), false, 'written over its end');
      deepStrictEqual(await context.other.notifications.get(null, made.id), ended);
    },
  },
  {
    id: 'notifications/list',
    level: 'MUST',
    title: 'lists go from the newest to the oldest, by status and lead, without gap or repeat; old ones are forgotten',
    async run(context) {
      const leadId = context.ids.next<'lead'>();
      const made = Array.from({ length: 5 }, (_, at) =>
        // Two of one moment.
        sampleNotification(context, { leadId, madeAt: instantAfter(-1_000_000 + Math.floor(at / 2)) }),
      );
      await insert(context, made);
      const [first] = made;
      if (first === undefined) throw new Error('nothing was made');
      await save(context.storage, { ...fresh(first), status: 'suppressed', reason: 'CONSENT_MISSING' }, fresh(first));
      const inOrder = [...made].sort((one, other) =>
        one.madeAt === other.madeAt ? (one.id < other.id ? 1 : -1) : one.madeAt < other.madeAt ? 1 : -1,
      );
      const ids = async (query: Omit<NotificationQuery, 'leadId'>): Promise<readonly string[]> =>
        (await context.other.notifications.list({ leadId, ...query })).map(({ id }) => id);
      deepStrictEqual(
        await ids({ limit: 10 }),
        inOrder.map(({ id }) => id),
      );
      deepStrictEqual(await ids({ limit: 10, status: 'suppressed' }), [first.id]);
      const places = async (query: NotificationQuery): Promise<readonly (readonly [string, string, string])[]> =>
        (await context.other.notifications.list(query)).map(({ madeAt, id, status }) => [madeAt, id, status]);
      // Those of all cases, in both orders that have no lead.
      for (const query of [{ limit: 200 }, { limit: 200, status: 'waiting' }] as const) {
        const found = await places(query);
        deepStrictEqual(found, [...found].sort().reverse());
        equal(
          found.every(([, , status]) => !('status' in query) || status === query.status),
          true,
          'of that status',
        );
      }
      const seen: string[] = [];
      for (let page = 0; page < 4; page += 1) {
        const after = inOrder[seen.length - 1];
        seen.push(...(await ids({ limit: 2, ...(after === undefined ? {} : { after }) })));
      }
      deepStrictEqual(
        seen,
        inOrder.map(({ id }) => id),
      );
      equal(await context.storage.notifications.trim(instantAfter(-999_999), 1), 1, 'one at a time');
      equal(await context.storage.notifications.trim(instantAfter(-999_999), 10), 1, 'those before that moment');
      equal((await ids({ limit: 10 })).length, 3, 'those that are left');
    },
  },
  {
    id: 'notifications/untouched',
    level: 'MUST',
    title: 'those that wait or are being sent and were not written since then are found, the oldest first',
    async run(context) {
      // Before those of all other cases.
      const at = (seconds: number): ReturnType<typeof instantAfter> => instantAfter(-90_000_000 + seconds);
      const [waiting, sending, written, ended, late, held] = [2, 1, 0, 0, 9, 0].map((seconds) =>
        sampleNotification(context, { madeAt: at(seconds) }),
      );
      if (!waiting || !sending || !written || !ended || !late || !held) throw new Error('nothing was made');
      await context.storage.notifications.trim(at(10), 100);
      await insert(context, [waiting, sending, written, ended, late, held]);
      const begin = (one: NewNotification, change: Partial<StoredNotification>): Promise<boolean> =>
        save(context.storage, { ...fresh(one), status: 'sending', attempts: 1, ...change }, fresh(one));
      await begin(sending, { updatedAt: at(3) });
      await begin(written, { updatedAt: at(7), status: 'waiting' });
      await begin(ended, { updatedAt: at(3), status: 'failed' });
      await begin(held, { updatedAt: at(3), status: 'waiting', heldUntil: at(7) });
      deepStrictEqual(await context.other.notifications.untouched(at(5), 10), [sending.id, waiting.id]);
      deepStrictEqual(await context.other.notifications.untouched(at(5), 1), [sending.id]);
    },
  },
  {
    id: 'notifications/counts',
    level: 'MUST',
    title: 'those that wait, are held and ended badly since then are counted, the first of those that wait is told',
    async run(context) {
      const { storage, other } = context;
      // Before those of all other cases, but for the next.
      const at = (seconds: number): ReturnType<typeof instantAfter> => instantAfter(-80_000_000 + seconds);
      const counts = () => other.notifications.counts({ since: at(5), now: at(20) });
      const before = await counts();
      const [first, sending, held, released, failed, unknown, old, ...more] = [1, 6, 0, 7, 6, 7, 4].map((seconds) =>
        sampleNotification(context, { madeAt: at(seconds) }),
      );
      if (!first || !sending || !held || !released || !failed || !unknown || !old) throw new Error('nothing was made');
      await insert(context, [first, sending, held, released, failed, unknown, old, ...more]);
      const become = (one: NewNotification, change: Partial<StoredNotification>): Promise<boolean> =>
        save(storage, { ...fresh(one), ...change }, fresh(one));
      await become(sending, { status: 'sending' });
      await become(held, { heldUntil: at(21) });
      await become(released, { heldUntil: at(20) });
      await become(failed, { status: 'failed' });
      await become(unknown, { status: 'unknown' });
      await become(old, { status: 'failed' });
      deepStrictEqual(await counts(), {
        waiting: before.waiting + 4,
        held: before.held + 1,
        oldestAt: before.oldestAt !== null && before.oldestAt < at(1) ? before.oldestAt : at(1),
        failed: before.failed + 1,
        unknown: before.unknown + 1,
      });
    },
  },
  {
    id: 'notifications/trim',
    level: 'MUST',
    title: 'no more are forgotten than asked for, and none that was made then or later',
    async run(context) {
      const at = (seconds: number): ReturnType<typeof instantAfter> => instantAfter(-95_000_000 + seconds);
      const made = [0, 1, 2].map((seconds) => sampleNotification(context, { madeAt: at(seconds) }));
      await insert(context, made);
      equal(await context.storage.notifications.trim(at(2), 1), 1, 'one at a time');
      equal(await context.storage.notifications.trim(at(2), 10), 1, 'those before that moment');
      const left = await Promise.all(made.map(({ id }) => context.other.notifications.get(null, id)));
      deepStrictEqual(
        left.map((one) => one !== null),
        [false, false, true],
      );
      await context.storage.notifications.trim(at(3), 10);
    },
  },
  {
    id: 'notifications/books',
    level: 'MUST',
    title: 'of those who publish one version at once one does; each version is read back as it was published',
    async run(context) {
      const { storage, other } = context;
      const before = (await storage.notifications.book(null, 'newest'))?.version ?? 0;
      const published = await together(context, 6, (each, place) =>
        inUnit(each, 'ledger', (unit) => each.notifications.insertBook(unit, sampleBook(before + 1, `by-${place}`))),
      );
      const winners = published.flatMap((isFirst, place) => (isFirst ? [place] : []));
      equal(winners.length, 1, 'versions published');
      const first = sampleBook(before + 1, `by-${winners[0]}`);
      const second = sampleBook(before + 2, 'later');
      equal(await inUnit(storage, 'ledger', (unit) => storage.notifications.insertBook(unit, second)), true);
      deepStrictEqual(await other.notifications.book(null, before + 1), first);
      deepStrictEqual(await other.notifications.book(null, 'newest'), second);
      equal(await other.notifications.book(null, before + 3), null);
    },
  },
];
