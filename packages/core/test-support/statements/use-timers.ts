import type { Storage } from '../../src/index.js';

const at = '2026-02-15T04:30:00.000Z';

/** What firing timers sends, also when some cannot fire. */
export async function useTimers({ unitOfWork, timers }: Storage): Promise<void> {
  const aggregate = { kind: 'lead', id: '019c5f00-0000-7000-8000-000000000001', version: 1 };
  const event = { type: 'timer.fired', aggregate, data: null };
  const working = { calendar: 'office', version: 1, from: at, millis: 3_600_000 };
  const common = { event, actor: 'user:root', via: null, correlationId: 'statements', setAt: at } as const;
  const setting = { ...common, dueAt: at, working };
  const [one, two, three] = (['one', 'two', 'three'] as const).map((key) => ({ ...setting, key, id: `timer-${key}` }));
  if (one === undefined || two === undefined || three === undefined) throw new Error('three timers');
  await unitOfWork.run('ledger', (unit) => timers.set(unit, [one, two, three]));
  const failed = { ...one, fireAt: at, attempts: 8, lastError: 'INTERNAL', stuck: true };
  await unitOfWork.run('ledger', (unit) => timers.reschedule(unit, [failed]));
  await unitOfWork.run('ledger', (unit) => timers.take(unit, [two]));
  await timers.nextCalendar('');
  await timers.countBefore('office', 2);
  for (const timer of await timers.countedBefore('office', 2, 500)) {
    const { key, id, attempts } = timer;
    const move = { key, id, before: { version: 1, attempts }, version: 2, dueAt: at, fireAt: at };
    await unitOfWork.run('ledger', (unit) => timers.move(unit, [move]));
  }
  await timers.anyDue(at);
  for (const query of [{}, { stuck: true }, { stuck: false }]) await timers.list({ ...query, after: 'a', limit: 51 });
  await timers.counts(at);
  await unitOfWork.run('ledger', (unit) => timers.takeDue(unit, at, 500));
  await unitOfWork.run('ledger', (unit) => timers.cancel(unit, ['one', 'two', 'three']));
}

/** More timers than a table has that may be read whole, none of them due. */
export async function fillTimers({ unitOfWork, timers }: Storage): Promise<void> {
  const aggregate = { kind: 'lead', id: '019c5f00-0000-7000-8000-000000000001', version: 1 };
  const event = { type: 'timer.fired', aggregate, data: null };
  const dueAt = '2026-03-15T04:30:00.000Z';
  const drafts = Array.from({ length: 2_000 }, (_, serial) => {
    const name = String(serial).padStart(6, '0');
    // A few on working time, most at an instant.
    const working = serial % 10 === 0 ? { calendar: 'office', version: 2, from: at, millis: 3_600_000 } : null;
    const common = { event, actor: 'user:root' as const, via: null, correlationId: 'statements', setAt: at };
    const setting = { ...common, dueAt, working };
    return { ...setting, key: `filling/${name}`, id: `019c5e00-0000-7000-8000-000000${name}` };
  });
  await unitOfWork.run('ledger', (unit) => timers.set(unit, drafts));
}
