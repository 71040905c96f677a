import type { Actor, LeadId, Problem } from '../../foundation/kernel/index.js';
import type { UniqueKey } from '../../foundation/persistence/index.js';

/** One lead to make, as a row of a file gave it. */
export interface LeadBatchItem {
  readonly productLine: string;
  /** What was typed, by field key; nothing is checked yet. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly source?: string;
  readonly channel?: string;
  readonly campaign?: string;
  /** A repeat with the same key and the same content makes no second lead. */
  readonly idempotencyKey: string;
  /** How later items of a dry run name this one, such as `row 12`. */
  readonly reference: string;
}

/**
 * What a dry run has already given away. A real run finds earlier rows of its file among the stored unique keys; a dry run
 * stores nothing and asks here instead.
 */
export interface DryRunClaims {
  /** The reference of the item that has the key, or null. */
  holder(key: UniqueKey): string | null;
  /** Gives a free key to an item. Only an item that would be created claims, and then all of its keys. */
  claim(key: UniqueKey, reference: string): void;
}

export interface LeadBatchOptions {
  /** Answers as the real run would, and writes nothing. */
  readonly dryRun?: DryRunClaims;
  readonly signal?: AbortSignal;
}

/** What became (in a dry run: would become) of one item. */
export type LeadBatchOutcome =
  | {
      readonly kind: 'created';
      /** null in a dry run. */
      readonly id: LeadId | null;
      readonly number: string | null;
      /** True when an earlier call with the same idempotency key made this lead. */
      readonly replayed: boolean;
    }
  | {
      readonly kind: 'duplicate';
      /** Name of the unique rule. */
      readonly rule: string;
      /** Keys of the fields that the rule compares. */
      readonly fields: readonly string[];
      /** Number of the lead that holds the value, or reference of an earlier item of a dry run. */
      readonly of: string;
    }
  | {
      readonly kind: 'rejected';
      /** Every reason; `path` is the field key. No clear personal data of sealed classes. */
      readonly problems: readonly Problem[];
    };

/**
 * Makes leads in batches. LeadService implements it.
 *
 * MUST: one outcome an item, in the order of the items. A rejected or duplicate item never stops the others. Items that
 * are created are committed when the promise resolves; when it rejects (store down, `PERMISSION_DENIED`, aborted) nothing of
 * this call is, and the very same call may be repeated.
 * MUST: a dry run gives the outcomes that the real run would give on the same store.
 * MUST: of two equal values within one call the first is created and the later are duplicates of it.
 */
export interface LeadBatchWriter {
  createMany(
    actor: Actor,
    items: readonly LeadBatchItem[],
    options: LeadBatchOptions,
  ): Promise<readonly LeadBatchOutcome[]>;
}
