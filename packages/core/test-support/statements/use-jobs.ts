import type { Storage } from '../../src/index.js';

const at = '2026-02-15T04:30:00.000Z';
const later = '2026-02-15T04:31:00.000Z';

/** What workers send, without handlers. */
export async function useJobs({ unitOfWork, jobs }: Storage): Promise<void> {
  const draft = {
    kind: 'statements',
    priority: 'normal',
    runAt: at,
    maxAttempts: 3,
    payload: null,
    dedupeKey: null,
    createdAt: at,
    actor: 'user:root',
    via: null,
    correlationId: 'statements',
  } as const;
  const id = (serial: number): string => `019c5f00-0000-7000-8000-00000000000${serial}`;
  const drafts = [1, 2, 3, 4].map((serial) => ({ ...draft, id: id(serial) }));
  await unitOfWork.run('ledger', (unit) => jobs.insert(unit, [...drafts, { ...draft, id: id(5), dedupeKey: 'one' }]));
  await unitOfWork.run('ledger', (unit) => jobs.insert(unit, [{ ...draft, id: id(6), dedupeKey: 'one' }]));
  await jobs.anyDue(at);
  const claim = { kinds: ['statements', 'others'], holder: 'worker', now: at, leaseUntil: later, limit: 10 };
  const held = await unitOfWork.run('ledger', (unit) => jobs.claim(unit, claim));
  const [first, second, third] = held;
  if (first === undefined || second === undefined || third === undefined) throw new Error('jobs were not claimed');
  await unitOfWork.run('ledger', (unit) => jobs.renew(unit, [{ ...first, progress: 'half' }, second], later));
  await unitOfWork.run('ledger', (unit) =>
    jobs.end(
      unit,
      [
        { ...first, outcome: { kind: 'done', result: null } },
        { ...second, outcome: { kind: 'done', result: 'seen' } },
        { ...third, outcome: { kind: 'dead', error: 'INTERNAL' } },
      ],
      later,
    ),
  );
  const lapse = { now: '2026-02-15T04:32:00.000Z', latest: '2026-02-16T04:32:00.000Z', limit: 10 };
  await unitOfWork.run('ledger', (unit) => jobs.lapse(unit, lapse));
}
