import { cryptoRandom, systemClock, uuidV7Source } from '../foundation/kernel/index.js';
import type { Storage } from '../storage/storage.js';
import { auditCases } from './audit.js';
import { commandCases } from './commands.js';
import { compareAndSwapCases } from './compare-and-swap.js';
import type { ConformanceCase, ConformanceContext } from './conformance-case.js';
import { createCases } from './create.js';
import { definitionCases } from './definitions.js';
import { factsCases } from './facts.js';
import { keyCases } from './keys.js';
import { listOrderCases } from './list-order.js';
import { numberCases } from './numbers.js';
import { outboxCases } from './outbox.js';
import { placementCases } from './placements.js';
import { rollbackCases } from './rollback.js';
import { savedMappingCases } from './saved-mappings.js';
import { uniqueKeyCases } from './unique-keys.js';
import { userCases } from './users.js';
import { valueCases } from './values.js';

/** Every case, in a fixed order. Ids never change; a case that no longer holds is removed, its id not used again. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...createCases,
  ...compareAndSwapCases,
  ...uniqueKeyCases,
  ...rollbackCases,
  ...commandCases,
  ...numberCases,
  ...outboxCases,
  ...placementCases,
  ...factsCases,
  ...listOrderCases,
  ...definitionCases,
  ...savedMappingCases,
  ...keyCases,
  ...userCases,
  ...auditCases,
  ...valueCases,
];

export interface ConformanceOutcome {
  readonly id: string;
  readonly level: 'MUST' | 'SHOULD';
  readonly title: string;
  /** What was seen instead, when the promise is broken. */
  readonly failure: unknown;
  readonly passed: boolean;
}

export interface ConformanceOptions {
  /** Called after each case. */
  readonly onCase?: (outcome: ConformanceOutcome) => void;
  /** Which cases to run; all when absent. */
  readonly only?: (id: string) => boolean;
}

/**
 * Runs the cases one after the other against a store and never throws for a broken promise: read the outcomes.
 *
 * @param makeStorage called twice; both results are handles on the **same** store, as two processes have. The store may hold
 * other data: cases use ids of their own, and leave rows behind.
 */
export async function runConformance(
  makeStorage: () => Storage | Promise<Storage>,
  options: ConformanceOptions = {},
): Promise<readonly ConformanceOutcome[]> {
  const storage = await makeStorage();
  const other = await makeStorage();
  try {
    await Promise.all([storage.open(), other.open()]);
    const context = conformanceContext(storage, other);
    const outcomes: ConformanceOutcome[] = [];
    for (const conformanceCase of conformanceCases) {
      if (options.only?.(conformanceCase.id) === false) continue;
      const outcome = await outcomeOf(conformanceCase, context);
      outcomes.push(outcome);
      options.onCase?.(outcome);
    }
    return outcomes;
  } finally {
    await Promise.allSettled([storage.close(), other.close()]);
  }
}

/** What cases need besides two open handles. */
export function conformanceContext(storage: Storage, other: Storage): ConformanceContext {
  const ids = uuidV7Source(systemClock, cryptoRandom());
  return { storage, other, ids, clock: systemClock, word: (prefix) => `${prefix}-${ids.next<'word'>()}` };
}

async function outcomeOf(
  { id, level, title, run }: ConformanceCase,
  context: ConformanceContext,
): Promise<ConformanceOutcome> {
  try {
    await run(context);
    return { id, level, title, failure: null, passed: true };
  } catch (failure) {
    return { id, level, title, failure, passed: false };
  }
}
