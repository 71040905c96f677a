import { type DateOrder, LmsError, type Problem } from '../../foundation/kernel/index.js';
import { isTooManyFor, unitOfWords } from './columns/amount-unit.js';
import type { ColumnMatch, ColumnPlan, UnmatchedColumn } from './columns/column-plan.js';
import { confidences, type HeadingIndex } from './columns/heading-index.js';
import { headingWords } from './columns/heading-words.js';
import { type ColumnSample, sampleOf } from './columns/looks.js';
import { proposeByLooks } from './columns/propose-by-looks.js';
import { type SaidColumn, saidColumns } from './columns/said-columns.js';
import { shownSamples } from './columns/shown-samples.js';
import { weighValues } from './columns/weigh-values.js';
import { columnLetter, foldHeading, isOwnHeading } from './heading.js';
import type { AmountUnit, ColumnMapping } from './mapping-target.js';
import type { SourceRow } from './rows/index.js';

export type * from './columns/column-plan.js';
export { HeadingIndex } from './columns/heading-index.js';
export type { ColumnMapping } from './mapping-target.js';

/** From this confidence on a guess is taken; below, it is a suggestion. Wrong is worse than missing. */
export const defaultLeastConfidence = 0.7;

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

/** A column with the field it may hold, before columns compete for fields. */
type Candidate = Omit<ColumnMatch, 'samples'> & {
  /** What its heading alone is worth: columns compete by it, so that one odd value decides nothing. */
  readonly rank: number;
};

interface Reading extends MatchOptions {
  readonly index: HeadingIndex;
  readonly samples: readonly ColumnSample[];
  readonly least: number;
}

/**
 * Decides which column is read into which field: what the mapping says, then by heading (key, label, synonym, the same words
 * abbreviated, names known in lending), held against the values. Values alone only ever make a suggestion. Pure.
 * @throws LmsError `IMPORT_MAPPING_INVALID` when the mapping names what does not exist, or two columns fit one field
 * equally well; `details.problems` names each
 */
export function matchColumns(headings: readonly string[], index: HeadingIndex, options: MatchOptions = {}): ColumnPlan {
  const problems: Problem[] = [];
  const rows = options.sample ?? [];
  const width = Math.max(headings.length, 0);
  const samples = Array.from({ length: width }, (_, at) => sampleOf(rows.flatMap((row) => row.cells[at] ?? [])));
  const reading: Reading = { ...options, index, samples, least: options.leastConfidence ?? defaultLeastConfidence };
  const said = saidColumns(headings, index, options, problems);
  const candidates = headings.flatMap((heading, at) => candidateOf(heading, at, said.get(at), reading) ?? []);
  const taken = candidates.filter((candidate) => candidate.confidence >= reading.least);
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
    unmatched: unmatchedColumns(headings, { columns, candidates, said, reading }),
    missing: missingFields(columns, index),
  };
}

function candidateOf(heading: string, at: number, said: SaidColumn | undefined, reading: Reading): Candidate | null {
  if (said === '-' || isOwnHeading(heading)) return null;
  const place = { index: at, letter: columnLetter(at), heading: shownHeading(heading, at) };
  if (said !== undefined) return { ...place, ...saidCandidate(heading, at, said, reading) };
  const match = reading.index.match(heading);
  if (match === null) return null;
  const weighed = weigh(at, { ...match, dateOrder: reading.dateOrder ?? 'dmy' }, reading);
  const notes = [...(match.note === null ? [] : [match.note]), ...weighed.notes];
  const unit = headingUnit(heading, match.field, reading.index);
  const doubt = unit === null ? null : unitDoubt(reading.samples[at], unit);
  return {
    ...place,
    field: match.field,
    reason: match.reason,
    rank: match.confidence,
    confidence:
      doubt === null ? weighed.confidence : Math.min(weighed.confidence, confidences['brackets not understood']),
    ...(unit === null ? {} : { unit }),
    notes: [...notes, ...(doubt === null ? unitNotes(unit) : [doubt])],
  };
}

/** What a person says is done; the values are still held against it, and told. */
function saidCandidate(
  heading: string,
  at: number,
  said: Exclude<SaidColumn, '-'>,
  reading: Reading,
): Omit<Candidate, 'index' | 'letter' | 'heading'> {
  const dateOrder = said.dateOrder ?? reading.dateOrder ?? 'dmy';
  const { notes } = weigh(at, { field: said.field, reason: 'mapping', confidence: 1, dateOrder }, reading);
  const unit = said.unit ?? headingUnit(heading, said.field, reading.index) ?? 'one';
  const doubt = unitDoubt(reading.samples[at], unit);
  return {
    field: said.field,
    reason: 'mapping',
    rank: 1,
    confidence: 1,
    ...(unit === 'one' ? {} : { unit }),
    ...(said.dateOrder === undefined ? {} : { dateOrder: said.dateOrder }),
    notes: [...notes, ...(doubt === null ? unitNotes(unit) : [doubt])],
  };
}

/**
 * Lowers a confidence by what the values say. A column under one of the field's own names stays read where the field refuses
 * what it cannot read: nothing wrong comes of it, and each cell is named.
 */
function weigh(
  at: number,
  match: Pick<Candidate, 'field' | 'reason' | 'confidence'> & { readonly dateOrder: DateOrder },
  { index, samples, least }: Reading,
): { readonly confidence: number; readonly notes: readonly string[] } {
  const field = index.fields.get(match.field);
  const sample = samples[at];
  if (field === undefined || sample === undefined) return { confidence: match.confidence, notes: [] };
  const verdict = weighValues(sample, field, { wordy: isWordy(match.field, index), dateOrder: match.dateOrder });
  const notes = verdict.note === null ? [] : [verdict.note];
  if (verdict.kind === 'other') return { confidence: rounded(match.confidence / 2), notes };
  if (verdict.kind === 'agree' && match.reason === 'vague heading') {
    return { confidence: rounded(match.confidence + 0.15), notes };
  }
  if (verdict.kind !== 'contradict') return { confidence: match.confidence, notes };
  const lowered = rounded(match.confidence * (0.5 + verdict.share));
  const isOwnName = match.reason === 'key' || match.reason === 'label' || match.reason === 'synonym';
  return { confidence: isOwnName ? Math.max(lowered, Math.min(least, match.confidence)) : lowered, notes };
}

function isWordy(field: string, index: HeadingIndex): boolean {
  return field === index.roles.name || index.wordy.has(field);
}

function headingUnit(heading: string, fieldKey: string, index: HeadingIndex): AmountUnit | null {
  if (index.fields.get(fieldKey)?.type !== 'money') return null;
  const { outside, inside } = headingWords(heading);
  return unitOfWords([...outside, ...inside]);
}

const unitWords: Readonly<Record<AmountUnit, string>> = {
  one: 'ones',
  thousand: 'thousands',
  lakh: 'lakhs',
  million: 'millions',
  crore: 'crores',
};

function unitNotes(unit: AmountUnit | null): readonly string[] {
  return unit === null || unit === 'one' ? [] : [`numbers count ${unitWords[unit]}: 5 is read as 5 ${unit}`];
}

/** A column headed "in lakhs" whose numbers are whole amounts is one of the two; which, a person has to say. */
function unitDoubt(sample: ColumnSample | undefined, unit: AmountUnit): string | null {
  const cells = sample?.cells ?? [];
  const tooMany = cells.filter((cell) => isTooManyFor(cell.text, unit)).length;
  if (tooMany === 0 || tooMany * 10 < cells.length) return null;
  return `the heading counts ${unitWords[unit]}, but ${tooMany} of ${cells.length} values are too large for that; say the unit in a mapping`;
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
    else problems.push({ path: field, rule: 'two-columns', message: tieMessage(field, best) });
  }
  return candidates.filter((candidate) => winners.has(candidate));
}

function tieMessage(field: string, best: readonly Candidate[]): string {
  const named = best.map((column) => `${column.letter} ${JSON.stringify(column.heading)}`);
  const all = best.length === 2 ? `${named.join(' and ')} both hold` : `${named.join(', ')} all hold`;
  return `the columns ${all} the field "${field}"; leave all but one out by mapping, such as "column ${best[1]?.letter}" to "-"`;
}

function unmatchedColumns(
  headings: readonly string[],
  found: {
    readonly columns: readonly ColumnMatch[];
    readonly candidates: readonly Candidate[];
    readonly said: ReadonlyMap<number, SaidColumn>;
    readonly reading: Reading;
  },
): readonly UnmatchedColumn[] {
  const { index, samples } = found.reading;
  const read = new Set(found.columns.map((column) => column.index));
  const held = new Set(found.columns.map((column) => column.field));
  return [...headings.entries()].flatMap(([at, text]): UnmatchedColumn[] => {
    const sample = samples[at] ?? sampleOf([]);
    const headless = foldHeading(text) === '';
    if (read.has(at) || isOwnHeading(text) || (headless && sample.cells.length === 0)) return [];
    const column = {
      index: at,
      letter: columnLetter(at),
      heading: shownHeading(text, at),
      samples: shownSamples(sample.cells, true),
    };
    if (found.said.get(at) === '-') return [{ ...column, ...noSuggestion, reason: 'left out' }];
    const candidate = found.candidates.find((one) => one.index === at);
    if (candidate !== undefined && held.has(candidate.field)) {
      return [{ ...column, ...noSuggestion, reason: 'other column fits better' }];
    }
    if (candidate !== undefined) {
      const { field: suggestion, confidence, notes } = candidate;
      return [{ ...column, reason: 'not sure', suggestion, confidence, notes }];
    }
    const proposal = proposeByLooks(sample, index, { headless, held });
    if (proposal !== null) {
      const { field: suggestion, confidence, note } = proposal;
      return [{ ...column, reason: 'not sure', suggestion, confidence, notes: [note] }];
    }
    const near = headless ? null : index.suggestion(text);
    const suggestion = near === null || held.has(near) ? null : near;
    return [{ ...column, reason: 'unknown', suggestion, confidence: suggestion === null ? 0 : 0.4, notes: [] }];
  });
}

const noSuggestion = { suggestion: null, confidence: 0, notes: [] } as const;

function missingFields(columns: readonly ColumnMatch[], index: HeadingIndex): readonly string[] {
  const held = new Set(columns.map((column) => column.field));
  return [...index.fields.values()]
    .filter((field) => field.required === true && field.default === undefined && !held.has(field.key))
    .map((field) => field.key);
}

function shownHeading(heading: string, index: number): string {
  const text = heading.trim().replace(/\s+/gu, ' ');
  return text === '' ? columnLetter(index) : text;
}

function rounded(confidence: number): number {
  return Math.round(confidence * 100) / 100;
}
