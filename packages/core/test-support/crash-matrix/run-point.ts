import { createLms } from '../../src/index.js';
import { countFiles } from './counted-files.js';
import { countedStorage } from './counted-storage.js';
import { CommandCounter } from './crash-point.js';
import { matrixKeys } from './matrix-keys.js';
import type { RunMessage, RunPlan } from './messages.js';
import { crashOperation } from './operations.js';
import { PointCopier } from './point-copier.js';

/** Rows a batch: three rows are two units. */
export const imports = { batchSize: 2, thread: false } as const;
/** Points that share a store have a webhook each. */
export const webhooks = { mostEndpoints: 10_000 } as const;

/** Carries out an operation in this process, which ends at its point or unharmed. */
export async function runPoint(plan: RunPlan): Promise<void> {
  const counter = new CommandCounter(plan.point, plan.counted);
  const storage = await countedStorage(plan.address, counter);
  const lms = await createLms({ storage, key: matrixKeys, imports, webhooks });
  const operation = crashOperation(plan.operation);
  if (operation.fill === undefined) await lms.ready();
  if (operation.writesBeside === true) countFiles(counter);
  const copier = plan.copies && plan.address.shape === 'sqlite' ? new PointCopier(plan.address.file) : null;
  counter.arm((point) => copier?.look(point));
  try {
    await operation.run(lms, plan.subject, { lms, storage });
  } catch (error) {
    return tell({ kind: 'failed', error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
  await tell({ kind: 'acknowledged' });
  copier?.acknowledge();
  await lms.settle();
  const { looks, copies } = copier ?? { looks: 0, copies: [] };
  await tell({ kind: 'unharmed', commands: counter.count, looks, copies });
}

function tell(message: RunMessage): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()));
}
