/** Columns that rest in the clear, so that whoever reads the documents alone can write them too: fields by their path. */
export const clearColumns = [
  ['number', 'number'],
  ['stage', 'stage'],
  ['status', 'status'],
  ['source', 'source'],
  ['gender', 'values.gender'],
  ['maritalStatus', 'values.maritalStatus'],
  ['city', 'values.city'],
  ['pincode', 'values.pincode'],
  ['employmentType', 'values.employmentType'],
  ['experienceYears', 'values.experienceYears'],
  ['tenureMonths', 'values.tenureMonths'],
  ['loanPurpose', 'values.loanPurpose'],
] as const;

/** What an export is measured with. */
export interface ExportSettings {
  readonly store: string;
  /** The file to write. */
  readonly file: string;
  readonly format: 'csv' | 'xlsx' | 'ndjson';
  /** null for the usual columns and every field. */
  readonly columns: readonly string[] | null;
  /** Whether V8's young generation is kept small, as `lms leads export` does. */
  readonly smallYoungGeneration: boolean;
}
