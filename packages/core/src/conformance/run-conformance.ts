import { cryptoRandom, systemClock, uuidV7Source } from '../foundation/kernel/index.js';
import type { RawStore } from '../storage/raw-store.js';
import type { Storage } from '../storage/storage.js';
import { auditCases } from './audit.js';
import { auditChainCases } from './audit-chain.js';
import { calendarCases } from './calendars.js';
import { collisionCases } from './collisions.js';
import { commandCases } from './commands.js';
import { compareAndSwapCases } from './compare-and-swap.js';
import type { ConformanceCase, ConformanceContext, SampleSource } from './conformance-case.js';
import { consentCases } from './consents.js';
import { constraintCases } from './constraints.js';
import { createCases } from './create.js';
import { definitionCases } from './definitions.js';
import { eventConsumerCases } from './event-consumers.js';
import { eventFeedCases } from './event-feed.js';
import { exchangeCases } from './exchanges.js';
import { factsCases } from './facts.js';
import { inboxCases } from './inbox.js';
import { jobCases } from './jobs.js';
import { keyLifeCases } from './key-life.js';
import { keyCases } from './keys.js';
import { largeDocumentCases } from './large-documents.js';
import { layoutCases } from './layout.js';
import { listOrderCases } from './list-order.js';
import { notificationCases } from './notifications.js';
import { numberCases } from './numbers.js';
import { outboundBudgetCases } from './outbound-budgets.js';
import { outboxCases } from './outbox.js';
import { placementCases } from './placements.js';
import { rebuildingCases } from './rebuilding.js';
import { rollbackCases } from './rollback.js';
import { savedMappingCases } from './saved-mappings.js';
import { scheduleCases } from './schedules.js';
import { snapshotCases } from './snapshots.js';
import { timerCases } from './timers.js';
import { totalsCases } from './totals.js';
import { uniqueKeyCases } from './unique-keys.js';
import { userCases } from './users.js';
import { valueCases } from './values.js';
import { webhookCases } from './webhooks.js';

/** Every case, in a fixed order. Ids never change; a case that no longer holds is removed, its id not used again. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...createCases,
  ...compareAndSwapCases,
  ...uniqueKeyCases,
  ...keyLifeCases,
  ...rollbackCases,
  ...commandCases,
  ...numberCases,
  ...outboxCases,
  ...placementCases,
  ...factsCases,
  ...totalsCases,
  ...listOrderCases,
  ...definitionCases,
  ...savedMappingCases,
  ...keyCases,
  ...userCases,
  ...auditCases,
  ...auditChainCases,
  ...eventFeedCases,
  ...eventConsumerCases,
  ...exchangeCases,
  ...outboundBudgetCases,
  ...consentCases,
  ...jobCases,
  ...scheduleCases,
  ...calendarCases,
  ...timerCases,
  ...webhookCases,
  ...notificationCases,
  ...inboxCases,
  ...rebuildingCases,
  ...snapshotCases,
  ...layoutCases,
  ...valueCases,
  ...largeDocumentCases,
  ...collisionCases,
  ...constraintCases,
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
  /** Once aborted, no further case begins: the outcomes are fewer than the cases. */
  readonly signal?: AbortSignal;
  /**
   * How long one case may take before it counts as broken, in milliseconds; 60,000 by default. What it began goes on in the store and may hold
   * up whatever comes next, so no further case begins: the outcomes are fewer than the cases.
   */
  readonly caseMillis?: number;
  /** How long closing the store may take at the end, in milliseconds, before it is left as it is; 15,000 by default. */
  readonly closeMillis?: number;
}

/** The store under test. It may hold other data: cases use ids of their own, and leave rows behind. */
export interface ConformanceTarget {
  /** Called twice; both results are handles on the **same** store, as two processes have. */
  handle(): Storage | Promise<Storage>;
  /** Called once, when the store is open: the same store past its code. */
  raw(): RawStore | Promise<RawStore>;
}

/**
 * Runs the cases one after the other against a store and never throws for a broken promise: read the outcomes. Ends however much of the store
 * hangs; what hangs is left open then.
 * @throws LmsError what opening the store throws
 */
export async function runConformance(
  target: ConformanceTarget,
  options: ConformanceOptions = {},
): Promise<readonly ConformanceOutcome[]> {
  const storage = await target.handle();
  const other = await target.handle();
  let raw: RawStore | null = null;
  try {
    await Promise.all([storage.open(), other.open()]);
    raw = await target.raw();
    const context = conformanceContext({ storage, other, raw });
    const outcomes: ConformanceOutcome[] = [];
    for (const conformanceCase of conformanceCases) {
      if (options.only?.(conformanceCase.id) === false) continue;
      if (options.signal?.aborted) break;
      const outcome = await outcomeOf(conformanceCase, context, options.caseMillis ?? defaultCaseMillis);
      outcomes.push(outcome);
      options.onCase?.(outcome);
      if (outcome.failure instanceof NotEnded) break;
    }
    return outcomes;
  } finally {
    const closing = Promise.allSettled([storage.close(), other.close(), raw?.close()]);
    await within(options.closeMillis ?? defaultCloseMillis, closing).catch(() => undefined);
  }
}

/** What cases need besides the store. */
export function conformanceContext(store: Pick<ConformanceContext, 'storage' | 'other' | 'raw'>): ConformanceContext {
  return { ...store, ...sampleSource() };
}

export function sampleSource(): SampleSource {
  const ids = uuidV7Source(systemClock, cryptoRandom());
  return { ids, clock: systemClock, word: (prefix) => `${prefix}-${ids.next<'word'>()}` };
}

const defaultCaseMillis = 60_000;
const defaultCloseMillis = 15_000;

/** What was begun goes on. */
class NotEnded extends Error {}

async function outcomeOf(
  { id, level, title, run }: ConformanceCase,
  context: ConformanceContext,
  caseMillis: number,
): Promise<ConformanceOutcome> {
  try {
    await within(caseMillis, run(context));
    return { id, level, title, failure: null, passed: true };
  } catch (failure) {
    return { id, level, title, failure, passed: false };
  }
}

/** A call that never ends would end the process in silence, or never. */
async function within(millis: number, ending: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NotEnded(`it has not ended within ${millis} ms`)), millis);
  });
  try {
    await Promise.race([ending, late]);
  } finally {
    clearTimeout(timer);
  }
}
