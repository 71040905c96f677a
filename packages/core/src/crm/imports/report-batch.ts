import type { Problem } from '../../foundation/kernel/index.js';
import type { CheckOutcome, CreateOutcome } from '../leads/index.js';
import type { RowReport } from './import-request.js';
import type { ReceiptBook } from './receipts/receipt-book.js';
import { duplicateRow, type ReportContext, rejectedRow, repeatedRow } from './row-report.js';
import type { SourceRow } from './rows/index.js';
import type { SettledBatch, SettledBatches } from './settled-batches.js';

/** What became of one row: `report` is null when it makes a lead; `row` is there for refused rows. */
export interface ReportedRow {
  readonly report: RowReport | null;
  readonly row: SourceRow | null;
}

export interface ReportPorts {
  readonly context: ReportContext;
  readonly batches: Pick<SettledBatches, 'rows'>;
  readonly receipts: ReceiptBook;
}

type Outcome = CreateOutcome | CheckOutcome;

/** Says of each row of a settled batch, in order, what became of it. */
export async function reportBatch(
  { batch, outcomes }: SettledBatch,
  { context, batches, receipts }: ReportPorts,
): Promise<readonly ReportedRow[]> {
  const refused = new Map(batch.refused.map((one) => [one.index, one]));
  const told = [...outcomes].filter(([, outcome]) => !makesLead(outcome)).map(([index]) => index);
  const rows = new Map<number, SourceRow>();
  const read = told.length === 0 ? [] : await batches.rows(told);
  for (const [at, index] of told.entries()) {
    const row = read[at];
    if (row !== undefined) rows.set(index, row);
  }
  return batch.rowNumbers.map((rowNumber, index): ReportedRow => {
    const broken = refused.get(index);
    if (broken !== undefined) return { row: broken.row, report: rejectedRow(broken.row, broken.problems, context) };
    const outcome = outcomes.get(index);
    if (outcome === undefined) {
      return { row: null, report: repeatedRow(rowNumber, receipts.numberOf(batch.place, rowNumber)) };
    }
    if (makesLead(outcome)) return { row: null, report: null };
    return reportOf(rows.get(index) ?? { rowNumber, cells: [] }, outcome, context);
  });
}

function makesLead(outcome: Outcome): boolean {
  return outcome.kind === 'created' || outcome.kind === 'creatable';
}

function reportOf(row: SourceRow, outcome: Outcome, context: ReportContext): ReportedRow {
  if (outcome.kind === 'duplicate') return { row: null, report: duplicateRow(row, outcome.holders, context) };
  return { row, report: rejectedRow(row, problemsOf(outcome), context) };
}

function problemsOf(outcome: Outcome): readonly Problem[] {
  if (outcome.kind === 'rejected') return outcome.problems;
  if (outcome.kind !== 'refused') return [];
  const { error } = outcome;
  return [{ path: error.path ?? '', rule: error.code.toLowerCase().replaceAll('_', '-'), message: error.message }];
}
