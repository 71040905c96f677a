import { columnLetter, type DateOrder } from '../../../foundation/kernel/index.js';
import { isOwnHeading } from '../heading.js';
import type { ColumnMatch } from './column-plan.js';
import { confidences, type HeadingIndex } from './heading-index.js';
import type { ColumnSample } from './looks.js';
import type { SaidColumn } from './said-columns.js';
import { shownHeading } from './shown-column.js';
import { headingUnit, unitDoubt, unitNotes } from './unit-of-column.js';
import { weighValues } from './weigh-values.js';

/** A column with the field it may hold, before columns compete for fields. */
export type Candidate = Omit<ColumnMatch, 'samples'> & {
  /** What its heading alone is worth: columns compete by it, so that one odd value decides nothing. */
  readonly rank: number;
};

/** What a file is held against. */
export interface ColumnReading {
  readonly index: HeadingIndex;
  readonly samples: readonly ColumnSample[];
  /** From this confidence on a guess is taken. */
  readonly least: number;
  readonly dateOrder: DateOrder;
}

/** The field that a column holds by the mapping or by its heading, held against its values; null for none. */
export function candidateOf(
  heading: string,
  at: number,
  said: SaidColumn | undefined,
  reading: ColumnReading,
): Candidate | null {
  if (said === '-' || isOwnHeading(heading)) return null;
  const place = { index: at, letter: columnLetter(at), heading: shownHeading(heading, at) };
  if (said !== undefined) return { ...place, ...saidCandidate(heading, at, said, reading) };
  const match = reading.index.match(heading);
  if (match === null) return null;
  const weighed = weigh(at, { ...match, dateOrder: reading.dateOrder }, reading);
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
  reading: ColumnReading,
): Omit<Candidate, 'index' | 'letter' | 'heading'> {
  const dateOrder = said.dateOrder ?? reading.dateOrder;
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
  { index, samples, least }: ColumnReading,
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

function rounded(confidence: number): number {
  return Math.round(confidence * 100) / 100;
}
