import type { Problem } from '../../foundation/kernel/index.js';
import type { LeadIntake } from '../leads/index.js';
import type { RowReport } from './import-request.js';
import type { ReceiptBook } from './receipts/receipt-book.js';
import { duplicateRow, type ReportContext, rejectedRow, repeatedRow } from './row-report.js';
import type { SourceRow } from './rows/index.js';
import type { RowOutcome, SettledBatch, SettledBatches } from './settled-batch.js';

/** What became of one row: `report` is there where it took no effect; `row` for refused rows. */
export interface ReportedRow {
  readonly outcome: 'created' | 'updated' | 'duplicate' | 'rejected';
  readonly report: RowReport | null;
  readonly row: SourceRow | null;
}

export interface ReportPorts {
  readonly context: ReportContext;
  readonly batches: Pick<SettledBatches, 'rows'>;
  readonly receipts: ReceiptBook;
  readonly intake: Pick<LeadIntake, 'visibleNumbers'>;
}

/** Says of each row of a settled batch, in order, what became of it. */
export async function reportBatch(
  { batch, outcomes }: SettledBatch,
  { context, batches, receipts, intake }: ReportPorts,
): Promise<readonly ReportedRow[]> {
  const rows = new Map(batch.refused.map(({ index, row }) => [index, row]));
  const problems = new Map(batch.refused.map((refused) => [refused.index, [...refused.problems, ...refused.missing]]));
  const told = [...outcomes].filter(([index, outcome]) => !takesEffect(outcome) && !rows.has(index));
  const read = told.length === 0 ? [] : await batches.rows(told.map(([index]) => index));
  for (const [at, [index]] of told.entries()) {
    const row = read[at];
    if (row !== undefined) rows.set(index, row);
  }
  const repeated = batch.rowNumbers.filter((_, index) => !outcomes.has(index) && !problems.has(index));
  const visible = await intake.visibleNumbers(repeated.flatMap((row) => receipts.numberOf(row) ?? []));
  return batch.rowNumbers.map((rowNumber, index): ReportedRow => {
    const row = rows.get(index) ?? { rowNumber, cells: [] };
    const outcome = outcomes.get(index);
    if (outcome !== undefined) return reportOf(row, outcome, context);
    const refused = problems.get(index);
    if (refused !== undefined) return rejected(row, refused, context);
    const number = receipts.numberOf(rowNumber);
    const report = repeatedRow(rowNumber, number !== null && visible.has(number) ? number : null);
    return { outcome: 'duplicate', row: null, report };
  });
}

function takesEffect({ kind }: RowOutcome): boolean {
  return kind === 'created' || kind === 'creatable' || kind === 'updated';
}

function reportOf(row: SourceRow, outcome: RowOutcome, context: ReportContext): ReportedRow {
  switch (outcome.kind) {
    case 'created':
    case 'creatable':
      return { outcome: 'created', row: null, report: null };
    case 'updated':
      return { outcome: 'updated', row: null, report: null };
    case 'duplicate':
      return { outcome: 'duplicate', row: null, report: duplicateRow(row, outcome.holders, context) };
    default:
      return rejected(row, problemsOf(outcome), context);
  }
}

function rejected(row: SourceRow, problems: readonly Problem[], context: ReportContext): ReportedRow {
  return { outcome: 'rejected', row, report: rejectedRow(row, problems, context) };
}

function problemsOf(outcome: RowOutcome): readonly Problem[] {
  if (outcome.kind === 'rejected') return outcome.problems;
  if (outcome.kind !== 'refused') return [];
  const { error } = outcome;
  return [{ path: error.path ?? '', rule: error.code.toLowerCase().replaceAll('_', '-'), message: error.message }];
}
