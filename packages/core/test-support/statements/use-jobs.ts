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
  await jobs.anyDue(at, ['statements', 'others']);
  const shares = ['statements', 'others'].map((kind) => ({ kind, limit: 5 }));
  const claim = { shares, holder: 'worker', now: at, leaseUntil: later, limit: 10 };
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
  for (const status of ['done', 'cancelled'] as const) await jobs.trim(status, '2026-02-15T04:31:30.000Z', 1_000);
  for (const query of [{}, { status: 'dead' }, { kind: 'filling' }, { kind: 'filling', status: 'dead' }] as const) {
    const [newest] = await jobs.list({ ...query, limit: 1 });
    await jobs.list({ ...query, after: newest?.id ?? id(9), limit: 51 });
  }
  await jobs.counts();
  const job = await jobs.get(null, third.id);
  if (job === null) throw new Error('a dead job is gone');
  await unitOfWork.run('ledger', (unit) => jobs.update(unit, { ...job, status: 'cancelled' }));
}

/** More jobs than a table has that may be read whole: of a kind that nobody here works, due and done. */
export async function fillJobs({ unitOfWork, jobs }: Storage): Promise<void> {
  const drafts = Array.from({ length: 3_000 }, (_, serial) => ({
    id: `019c5e00-0000-7000-8000-${String(serial).padStart(12, '0')}`,
    kind: 'filling',
    priority: 'normal' as const,
    runAt: '2026-02-14T04:30:00.000Z',
    maxAttempts: 3,
    payload: null,
    dedupeKey: null,
    createdAt: '2026-02-14T04:30:00.000Z',
    actor: 'user:root' as const,
    via: null,
    correlationId: 'statements',
  }));
  await unitOfWork.run('ledger', async (unit) => {
    await jobs.insert(unit, drafts);
    const claim = { holder: 'worker', now: '2026-02-14T04:30:00.000Z', leaseUntil: later };
    for (let round = 0; round < 3; round += 1) {
      const held = await jobs.claim(unit, { ...claim, shares: [{ kind: 'filling', limit: 500 }], limit: 500 });
      const outcome = { kind: 'done', result: null } as const;
      await jobs.end(
        unit,
        held.map(({ id, fence }) => ({ id, fence, outcome })),
        '2026-02-14T05:00:00.000Z',
      );
    }
  });
}
