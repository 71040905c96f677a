import type { Actor, Problem } from '../../foundation/kernel/index.js';
import type { CheckOutcome, CreateItem, CreateOutcome, DryRunClaims, NewLead } from '../leads/index.js';
import { noClaims } from './claimed-values.js';
import type { RowReport } from './import-request.js';
import type { LeadBatchWriter } from './lead-batch-writer.js';
import { type RowInput, rowInput } from './row-input.js';
import { duplicateRow, type ReportContext, rejectedRow, repeatedRow } from './row-report.js';
import type { SourceRow } from './rows/index.js';

export interface SettleContext extends ReportContext {
  readonly leads: LeadBatchWriter;
  readonly actor: Actor;
  /** Columns of the header. */
  readonly width: number;
  /** What every lead of the file shares. */
  readonly origin: Omit<NewLead, 'fields'>;
  /** Together with the row number it names the row for ever. */
  readonly keyPrefix: string;
  /** The unique values a dry run has given away; null in a real run. */
  readonly dryRun: DryRunClaims | null;
}

/**
 * Makes leads of rows (or says what would become of them).
 * @returns for each row null when it makes a lead, else why not
 */
export async function settleRows(
  rows: readonly SourceRow[],
  context: SettleContext,
): Promise<readonly (RowReport | null)[]> {
  const inputs = rows.map((row) => rowInput(row, context.columns, context.width));
  const items = inputs.map((input, at): CreateItem => {
    return {
      lead: { ...context.origin, fields: input.fields },
      idempotencyKey: `${context.keyPrefix}:${rows[at]?.rowNumber}`,
      reference: `row ${rows[at]?.rowNumber}`,
    };
  });
  const sound = [...inputs.keys()].filter((at) => inputs[at]?.problems.length === 0);
  const broken = [...inputs.keys()].filter((at) => inputs[at]?.problems.length !== 0);
  const outcomes = new Map<number, CreateOutcome | CheckOutcome>();
  const pick = (places: readonly number[]): CreateItem[] => places.flatMap((at) => items[at] ?? []);
  const found = await settleSound(pick(sound), context);
  for (const [order, at] of sound.entries()) setIfKnown(outcomes, at, found[order]);
  // Rows with unreadable cells make no lead, but all their other problems are named at once too.
  const checked = broken.length === 0 ? [] : await context.leads.checkMany(context.actor, pick(broken), noClaims);
  for (const [order, at] of broken.entries()) setIfKnown(outcomes, at, checked[order]);
  return rows.map((row, at) =>
    reportOf(row, inputs[at] ?? { fields: {}, problems: [] }, { outcome: outcomes.get(at), context }),
  );
}

function settleSound(
  items: readonly CreateItem[],
  context: SettleContext,
): Promise<readonly (CreateOutcome | CheckOutcome)[]> {
  if (items.length === 0) return Promise.resolve([]);
  if (context.dryRun !== null) return context.leads.checkMany(context.actor, items, context.dryRun);
  return context.leads.createMany(context.actor, items);
}

function setIfKnown<Value>(map: Map<number, Value>, key: number, value: Value | undefined): void {
  if (value !== undefined) map.set(key, value);
}

function reportOf(
  row: SourceRow,
  input: RowInput,
  settled: { readonly outcome: CreateOutcome | CheckOutcome | undefined; readonly context: SettleContext },
): RowReport | null {
  const { outcome, context } = settled;
  if (input.problems.length > 0)
    return rejectedRow(row, [...input.problems, ...otherProblems(outcome, input)], context);
  switch (outcome?.kind) {
    case 'created':
      return outcome.replayed ? repeatedRow(row, outcome.number) : null;
    case 'creatable':
      return outcome.replayed ? repeatedRow(row, null) : null;
    case 'duplicate':
      return duplicateRow(row, outcome.holders, context);
    case 'rejected':
    case 'refused':
      return rejectedRow(row, problemsOf(outcome), context);
    default:
      throw new Error(`row ${row.rowNumber} has no outcome`);
  }
}

/** A field whose cell could not be read is empty for the fields' own check: what that says of it is not news. */
function otherProblems(outcome: CreateOutcome | CheckOutcome | undefined, input: RowInput): readonly Problem[] {
  const known = new Set(input.problems.map((problem) => problem.path));
  return outcome === undefined ? [] : problemsOf(outcome).filter((problem) => !known.has(problem.path));
}

function problemsOf(outcome: CreateOutcome | CheckOutcome): readonly Problem[] {
  if (outcome.kind === 'rejected') return outcome.problems;
  if (outcome.kind !== 'refused') return [];
  const { error } = outcome;
  return [{ path: error.path ?? '', rule: error.code.toLowerCase().replaceAll('_', '-'), message: error.message }];
}
