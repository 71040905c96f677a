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
  await unitOfWork.run('ledger', (unit) => timers.takeDue(unit, at, 500));
  await unitOfWork.run('ledger', (unit) => timers.cancel(unit, ['one', 'two', 'three']));
}
