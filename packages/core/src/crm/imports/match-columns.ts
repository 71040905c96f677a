import { type DateOrder, LmsError, type Problem } from '../../foundation/kernel/index.js';
import { type Candidate, candidateOf } from './columns/column-candidate.js';
import type { ColumnMatch, ColumnPlan, TiedColumns } from './columns/column-plan.js';
import type { HeadingIndex } from './columns/heading-index.js';
import { sampleOf } from './columns/looks.js';
import { saidColumns } from './columns/said-columns.js';
import { shownSamples } from './columns/shown-column.js';
import { unmatchedColumns } from './columns/unmatched-columns.js';
import type { ColumnMapping } from './mapping-target.js';
import type { SourceRow } from './rows/index.js';

export type * from './columns/column-plan.js';
export { HeadingIndex } from './columns/heading-index.js';
export type { ColumnMapping } from './mapping-target.js';

/** From this confidence on a guess is taken; below, it is a suggestion. Wrong is worse than missing. */
const defaultLeastConfidence = 0.7;

/** A very wide sheet is sampled by fewer rows: planning must not hold others up. */
const cellsSampled = 20_000;
const fewestSampled = 20;

export interface MatchOptions {
  readonly mapping?: ColumnMapping;
  /** The mapping's name or file, for messages. */
  readonly mappingName?: string;
  /** The first rows below the header. Without them headings alone decide. */
  readonly sample?: readonly SourceRow[];
  /** From 0 to 1; {@link defaultLeastConfidence} when absent. */
  readonly leastConfidence?: number;
  /** How all-digit dates of the file are read; day first when absent. */
  readonly dateOrder?: DateOrder;
  /** Fields whose values must not be shown. None are shown when absent. */
  readonly isSealed?: (fieldKey: string) => boolean;
}

/**
 * Decides which column is read into which field: what the mapping says, then by heading (key, label, synonym, the same words
 * abbreviated, names known in lending), held against the values. Values alone only ever make a suggestion. Pure.
 * @throws LmsError `IMPORT_MAPPING_INVALID` when the mapping names what does not exist, or two columns fit one field
 * equally well; `details.problems` names each
 */
export function matchColumns(headings: readonly string[], index: HeadingIndex, options: MatchOptions = {}): ColumnPlan {
  const problems: Problem[] = [];
  const rows = (options.sample ?? []).slice(0, Math.max(fewestSampled, Math.floor(cellsSampled / headings.length)));
  const samples = headings.map((_, at) => sampleOf(rows.flatMap((row) => row.cells[at] ?? [])));
  const least = options.leastConfidence ?? defaultLeastConfidence;
  const reading = { index, samples, least, dateOrder: options.dateOrder ?? 'dmy' } as const;
  const said = saidColumns(headings, index, options, problems);
  const candidates = headings.flatMap((heading, at) => candidateOf(heading, at, said.get(at), reading) ?? []);
  const taken = candidates.filter((candidate) => candidate.confidence >= least);
  const winners = bestOfEach(taken, problems);
  if (problems.length > 0) {
    throw LmsError.ofProblems('IMPORT_MAPPING_INVALID', 'the columns cannot be matched to fields', problems);
  }
  const columns = winners.map(
    ({ rank: _rank, ...column }): ColumnMatch => ({
      ...column,
      samples: shownSamples(samples[column.index]?.cells ?? [], options.isSealed?.(column.field) ?? true),
    }),
  );
  return {
    columns,
    unmatched: unmatchedColumns(headings, { columns, candidates, said, index, samples }),
    missing: missingFields(columns, index),
  };
}

/** One column a field: the surest. A tie is a problem, since either could hold the right values. */
function bestOfEach(candidates: readonly Candidate[], problems: Problem[]): readonly Candidate[] {
  const winners = new Set<Candidate>();
  for (const field of new Set(candidates.map((candidate) => candidate.field))) {
    const columns = candidates.filter((candidate) => candidate.field === field);
    const said = columns.filter((column) => column.reason === 'mapping');
    const pool = said.length > 0 ? said : columns;
    const most = Math.max(...pool.map((column) => column.rank));
    const best = pool.filter((column) => column.rank === most);
    const [winner] = best;
    if (winner !== undefined && best.length === 1) winners.add(winner);
    else problems.push(tied(field, best));
  }
  return candidates.filter((candidate) => winners.has(candidate));
}

function tied(field: string, best: readonly Candidate[]): TiedColumns {
  const columns = best.map(({ letter, heading }) => ({ letter, heading }));
  return { path: field, rule: 'two-columns', message: tieMessage(field, best), columns };
}

function tieMessage(field: string, best: readonly Candidate[]): string {
  const named = best.map((column) => `${column.letter} ${JSON.stringify(column.heading)}`);
  const all = best.length === 2 ? `${named.join(' and ')} both hold` : `${named.join(', ')} all hold`;
  return `the columns ${all} the field "${field}"; leave all but one out by mapping, such as "column ${best[1]?.letter}" to "-"`;
}

function missingFields(columns: readonly ColumnMatch[], index: HeadingIndex): readonly string[] {
  const held = new Set(columns.map((column) => column.field));
  return [...index.fields.values()]
    .filter((field) => field.required === true && field.default === undefined && !held.has(field.key))
    .map((field) => field.key);
}
