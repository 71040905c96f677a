import type { JobContext, Storage } from '../src/index.js';

/** The row that stands for what a job is for, of kind `KIND.effect`. Each try has a row of its own, so that two tell of an effect that was doubled. */
export async function writeEffect(
  storage: Storage,
  { job, finishIn }: JobContext,
  beforeCommit: () => void = () => undefined,
): Promise<void> {
  const now = new Date().toISOString();
  await storage.unitOfWork.run('ledger', async (unit) => {
    await storage.jobs.insert(unit, [
      {
        id: job.id.replace(/^.{8}/, 'effec700').replace(/.$/, String(job.attempts)),
        kind: `${job.kind}.effect`,
        priority: 'low',
        runAt: now,
        maxAttempts: 1,
        payload: null,
        dedupeKey: null,
        createdAt: now,
        actor: 'system:test',
        via: null,
        correlationId: job.id,
      },
    ]);
    await finishIn(unit);
    beforeCommit();
  });
}
