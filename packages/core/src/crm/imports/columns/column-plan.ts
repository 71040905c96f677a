import type { DateOrder, Problem } from '../../../foundation/kernel/index.js';
import type { AmountUnit } from '../mapping-target.js';

/** Why a column is taken for a field, surest first. `looks`: by its values alone. */
export type MatchReason =
  | 'mapping'
  | 'key'
  | 'label'
  | 'synonym'
  | 'abbreviation'
  | 'known heading'
  | 'without brackets'
  | 'vague heading'
  | 'brackets not understood'
  | 'looks';

/** A column of the file. */
export interface PlannedColumn {
  /** Place in the row, from 0. */
  readonly index: number;
  /** As the spreadsheet shows it above the column: `C`. */
  readonly letter: string;
  /** As in the file; the column's letter where the heading is empty. */
  readonly heading: string;
  /** At most three different values, cut short; masked where they are, or may be, personal data. */
  readonly samples: readonly string[];
  /** What a person should know before going on: what speaks against the field, how numbers and dates are read. */
  readonly notes: readonly string[];
}

/** A column that is read into a field. `confidence` is from 0 to 1. */
export interface ColumnMatch extends PlannedColumn {
  readonly field: string;
  readonly reason: MatchReason;
  readonly confidence: number;
  /** What a bare number of the column counts, where that is not rupees. Said by the mapping or by the heading. */
  readonly unit?: AmountUnit;
  /** How all-digit dates of the column are read, where the mapping says so for it alone. */
  readonly dateOrder?: DateOrder;
}

/** A column that is not read. */
export interface UnmatchedColumn extends PlannedColumn {
  readonly reason: 'unknown' | 'left out' | 'other column fits better' | 'not sure';
  /** Key of the field that it may be: by its heading, by a slip of the finger in it, or by its values. */
  readonly suggestion: string | null;
  /** How sure the suggestion is, below what is taken without being told; 0 without one. */
  readonly confidence: number;
}

export interface ColumnPlan {
  readonly columns: readonly ColumnMatch[];
  readonly unmatched: readonly UnmatchedColumn[];
  /** Keys of required fields without default that no column holds. */
  readonly missing: readonly string[];
}

/** Columns that fit one field equally well, of which a person has to choose one: a problem of `IMPORT_MAPPING_INVALID`. */
export interface TiedColumns extends Problem {
  /** `path` is the key of the field. */
  readonly rule: 'two-columns';
  readonly columns: readonly Pick<PlannedColumn, 'letter' | 'heading'>[];
}
