import type { ActorServices, Storage } from '../../src/index.js';

const at = '2026-02-15T04:30:00.000Z';
const id = '019c5f00-0000-8000-8000-000000000001';

/** What people do with notifications; nothing is sent. */
export async function useNotifications({ notifications }: ActorServices): Promise<void> {
  const template = { name: 'received', channel: 'sms', language: 'en', text: 'Hello', dlt: null } as const;
  await notifications.publish({ templates: [template], rules: [] });
  await notifications.book();
  const test = { channel: 'sms', to: '+14155550100', template: 'received' } as const;
  await notifications.test(test).catch(() => undefined);
  await notifications.list({ limit: 50 });
  await notifications.list({ status: 'failed', limit: 50 });
  await notifications.list({ leadId: id, after: `${at}_${id}`, limit: 50 });
  await notifications.get(id).catch(() => undefined);
  await notifications.retry(id).catch(() => undefined);
  const { inbox, preferences } = notifications;
  await inbox.list({ limit: 20 });
  await inbox.list({ unread: true, after: `${at}_${id}` });
  await inbox.unreadCount();
  await inbox.markRead([id]);
  await inbox.markAllRead();
  await preferences.get();
  await preferences.set({ language: 'hi' });
  await preferences.set({ language: null, quietHours: 'none' });
}

/** More of them than a table has that may be read whole. */
export async function fillNotifications({ unitOfWork, notifications, inbox }: Storage): Promise<void> {
  const made = Array.from({ length: 1_000 }, (_, place) => ({
    id: `019c5e00-0000-8000-8000-${String(place).padStart(12, '0')}`,
    ...{ eventId: id, eventType: 'lead.created', rule: 'tell', recipient: 'person', channel: 'email' as const },
    leadId: `019c5e00-0000-7000-8000-${String(place).padStart(12, '0')}`,
    ...{ bookVersion: 1, details: { at }, madeAt: at, status: 'waiting' as const, reason: null },
  }));
  await unitOfWork.run('ledger', async (unit) => {
    await notifications.insert(unit, made);
    await inbox.insert(
      unit,
      made.map((each, place) => ({ ...each, userId: `user-${place % 7}` })),
    );
  });
}

/** What handing out and sending asks of the store. */
export async function useNotices({ unitOfWork, notifications, inbox, noticePreferences }: Storage): Promise<void> {
  await notifications.book(null, 1);
  await unitOfWork.run('ledger', async (unit) => {
    const made = { eventType: 'lead.created', rule: 'tell', recipient: 'person', channel: 'email' } as const;
    const details = { at };
    await notifications.insert(unit, [
      {
        ...{ id, eventId: id, ...made, leadId: id, bookVersion: 1, details, madeAt: '2020-02-15T04:30:00.000Z' },
        ...{ status: 'waiting', reason: null },
      },
    ]);
    const found = await notifications.get(unit, id);
    if (found !== null) await notifications.save(unit, { ...found, status: 'sending', version: found.version + 1 });
  });
  await notifications.get(null, id);
  await notifications.untouched(at, 10);
  await notifications.trim('2021-02-15T04:30:00.000Z', 10);
  await inbox.trim('2021-02-15T04:30:00.000Z', 10);
  await noticePreferences.ofUsers(['asha', 'ravi']);
}
