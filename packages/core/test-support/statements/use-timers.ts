import type { Storage } from '../../src/index.js';

const at = '2026-02-15T04:30:00.000Z';

/** What firing timers sends, also when some cannot fire. */
export async function useTimers({ unitOfWork, timers }: Storage): Promise<void> {
  const aggregate = { kind: 'lead', id: '019c5f00-0000-7000-8000-000000000001', version: 1 };
  const event = { type: 'timer.fired', aggregate, data: null };
  const setting = { dueAt: at, event, actor: 'user:root', via: null, correlationId: 'statements', setAt: at };
  const [one, two, three] = (['one', 'two', 'three'] as const).map((key) => ({ ...setting, key, id: `timer-${key}` }));
  if (one === undefined || two === undefined || three === undefined) throw new Error('three timers');
  await unitOfWork.run('ledger', (unit) => timers.set(unit, [one, two, three]));
  const failed = { ...one, fireAt: at, attempts: 8, lastError: 'INTERNAL', stuck: true };
  await unitOfWork.run('ledger', (unit) => timers.reschedule(unit, [failed]));
  await unitOfWork.run('ledger', (unit) => timers.take(unit, [two]));
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
    const setting = { dueAt, event, actor: 'user:root' as const, via: null, correlationId: 'statements', setAt: at };
    return { ...setting, key: `filling/${name}`, id: `019c5e00-0000-7000-8000-000000${name}` };
  });
  await unitOfWork.run('ledger', (unit) => timers.set(unit, drafts));
}
