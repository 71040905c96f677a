import { type ReadBlock, type ReadConsent, readBlocks, readConsents } from './consents/said-counts.js';
import type { ImportRun } from './import-run-store.js';
import type { ColumnPlan } from './match-columns.js';
import type { ImportPlan } from './plan-import.js';
import type { ReadingNote, SourceForm } from './rows/index.js';

const mostSheetsNamed = 10;

/** What an import of a file would begin with. */
export interface ImportPreview extends ColumnPlan {
  readonly fileName: string;
  readonly fileSha256: string;
  readonly form: SourceForm;
  /** What stops nothing and should be known: hidden rows, merged cells, a guessed encoding. */
  readonly notes: readonly ReadingNote[];
  /** The sheet whose rows would be taken; `''` for a text file. */
  readonly sheet: string;
  readonly sheets: readonly string[];
  readonly headerRow: number;
  readonly productLine: string;
  readonly schemaVersion: number;
  /** What is read of consents. */
  readonly consents: readonly ReadConsent[];
  readonly contactBlocks: readonly ReadBlock[];
  /** Why a run would be refused before its first row, as no column holds a required field; null where it would not. */
  readonly refused: string | null;
  /** Earlier runs of this very file that the actor may see, newest first, at most 10. */
  readonly previousRuns: readonly ImportRun[];
}

/** What is known of the file, as people see it. */
export function shownPlan(plan: ImportPlan): Omit<ImportPreview, 'sheets' | 'refused' | 'previousRuns'> {
  return {
    fileName: plan.fileName,
    fileSha256: plan.fileSha256,
    form: plan.source.form,
    notes: [...otherSheets(plan), ...plan.source.notes()],
    sheet: plan.sheet,
    headerRow: plan.header.rowNumber,
    productLine: plan.schema.productLine,
    schemaVersion: plan.schema.version,
    consents: readConsents(plan.consents),
    contactBlocks: readBlocks(plan.consents),
    ...plan.columns,
  };
}

/** Rows that are not looked at must not be taken for rows that are in. */
function otherSheets({ source, sheet }: ImportPlan): readonly ReadingNote[] {
  const others = source.sheets.filter((name) => name !== sheet);
  if (others.length === 0) return [];
  const named = others
    .slice(0, mostSheetsNamed)
    .map((name) => JSON.stringify(name))
    .join(', ');
  const more = others.length > mostSheetsNamed ? ', ...' : '';
  const message = `${others.length === 1 ? '1 more sheet is' : `${others.length} more sheets are`} not read: ${named}${more}. Import each by its name.`;
  return [{ kind: 'other-sheets', sheet: null, count: others.length, message }];
}
