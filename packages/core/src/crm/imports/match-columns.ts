import { LmsError, type Problem } from '../../foundation/kernel/index.js';
import { didYouMean, type FieldDefinition, type FieldSchema, nearestWord } from '../fields/index.js';
import { columnLetter, foldBareHeading, foldHeading, isOwnHeading } from './heading.js';

/**
 * Which column holds which field, said by a person: heading (or `column C`) to field key. `-` leaves a column out.
 * `{ "Mobile No.": "mobile", "Remarks": "-" }`
 */
export type ColumnMapping = Readonly<Record<string, string>>;

/** Why a column is taken for a field, surest first. */
export type MatchReason = 'mapping' | 'key' | 'label' | 'synonym' | 'without brackets';

/** A column that is read into a field. `confidence` is from 0 to 1. */
export interface ColumnMatch {
  /** Place in the row, from 0. */
  readonly index: number;
  /** As in the file; the column's letter where the heading is empty. */
  readonly heading: string;
  readonly field: string;
  readonly reason: MatchReason;
  readonly confidence: number;
}

/** A column that is not read. */
export interface UnmatchedColumn {
  readonly index: number;
  readonly heading: string;
  readonly reason: 'unknown' | 'left out' | 'other column fits better';
  /** Key of the field that a slip of the finger may have meant. */
  readonly suggestion: string | null;
}

export interface ColumnPlan {
  readonly columns: readonly ColumnMatch[];
  readonly unmatched: readonly UnmatchedColumn[];
  /** Keys of required fields without default that no column holds. */
  readonly missing: readonly string[];
}

const confidences: Readonly<Record<MatchReason, number>> = {
  mapping: 1,
  key: 1,
  label: 1,
  synonym: 0.95,
  'without brackets': 0.8,
};

/** Names of the fields of a schema, folded, for matching headings; made once a file. */
export class HeadingIndex {
  readonly #exact: Map<string, { field: string; reason: MatchReason }> = new Map();
  readonly #bare: Map<string, string> = new Map();
  readonly fields: ReadonlyMap<string, FieldDefinition>;

  constructor(schema: Pick<FieldSchema, 'fields'>) {
    const fields = schema.fields.filter((field) => field.retired !== true);
    this.fields = new Map(fields.map((field) => [field.key, field]));
    for (const reason of ['key', 'label', 'synonym'] as const) {
      for (const field of fields) {
        for (const name of namesOf(field, reason)) {
          const folded = foldHeading(name);
          if (!this.#exact.has(folded)) this.#exact.set(folded, { field: field.key, reason });
          const bare = foldBareHeading(name);
          if (!this.#bare.has(bare)) this.#bare.set(bare, field.key);
        }
      }
    }
  }

  /** The field that a heading names, or null. */
  match(heading: string): { readonly field: string; readonly reason: MatchReason } | null {
    const folded = foldHeading(heading);
    if (folded === '' || isOwnHeading(heading)) return null;
    const exact = this.#exact.get(folded);
    if (exact !== undefined) return exact;
    const bare = foldBareHeading(heading);
    const field = bare === '' ? undefined : (this.#exact.get(bare)?.field ?? this.#bare.get(bare));
    return field === undefined ? null : { field, reason: 'without brackets' };
  }

  /** The field that was perhaps meant. */
  suggestion(heading: string): string | null {
    const near = nearestWord(foldBareHeading(heading), this.#exact.keys());
    return near === null ? null : (this.#exact.get(near)?.field ?? null);
  }
}

function namesOf(field: FieldDefinition, reason: 'key' | 'label' | 'synonym'): readonly string[] {
  if (reason === 'key') return [field.key];
  return reason === 'label' ? [field.label] : (field.synonyms ?? []);
}

/**
 * Decides which column is read into which field. Pure.
 * @throws LmsError `IMPORT_MAPPING_INVALID` when the mapping names what does not exist, or two columns fit one field
 * equally well; `details.problems` names each
 */
export function matchColumns(
  headings: readonly string[],
  index: HeadingIndex,
  mapping: ColumnMapping = {},
): ColumnPlan {
  const problems: Problem[] = [];
  const said = readMapping(headings, index, mapping, problems);
  const candidates = headings.flatMap((heading, at): ColumnMatch[] => {
    const shown = shownHeading(heading, at);
    const wanted = said.get(at);
    if (wanted === '-' || isOwnHeading(heading)) return [];
    if (wanted !== undefined) return [{ index: at, heading: shown, field: wanted, reason: 'mapping', confidence: 1 }];
    const found = index.match(heading);
    return found === null ? [] : [{ index: at, heading: shown, ...found, confidence: confidences[found.reason] }];
  });
  const columns = bestOfEach(candidates, problems);
  if (problems.length > 0) {
    throw LmsError.ofProblems('IMPORT_MAPPING_INVALID', 'the columns cannot be matched to fields', problems);
  }
  return {
    columns,
    unmatched: unmatchedColumns(headings, { columns, candidates, said, index }),
    missing: missingFields(columns, index),
  };
}

/** Fields by place of the column, as the mapping says. */
function readMapping(
  headings: readonly string[],
  index: HeadingIndex,
  mapping: ColumnMapping,
  problems: Problem[],
): ReadonlyMap<number, string> {
  const said = new Map<number, string>();
  for (const [name, target] of Object.entries(mapping)) {
    const places = placesOf(name, headings);
    const field = fieldOf(target, index);
    const refuse = (rule: string, message: string): unknown => problems.push({ path: name, rule, message });
    if (places.length === 0) {
      refuse('unknown-column', `the file has no column ${JSON.stringify(name)}${didYouMean(name, headings)}`);
    } else if (places.length > 1) {
      const letters = places.map((at) => `"column ${columnLetter(at)}"`).join(' or ');
      refuse('ambiguous-column', `several columns have this heading; say ${letters}`);
    } else if (field === null) {
      refuse('unknown-field', `there is no field ${JSON.stringify(target)}${didYouMean(target, index.fields.keys())}`);
    } else {
      said.set(places[0] ?? 0, field);
    }
  }
  return said;
}

function placesOf(name: string, headings: readonly string[]): readonly number[] {
  const folded = foldHeading(name);
  const places = [...headings.keys()].filter((at) => folded !== '' && foldHeading(headings[at] ?? '') === folded);
  if (places.length > 0) return places;
  const letter = /^column\s+([A-Z]{1,3})$/i.exec(name.trim())?.[1]?.toUpperCase();
  return [...headings.keys()].filter((at) => columnLetter(at) === letter);
}

/** A field may be named by key, or by label as ops see it. */
function fieldOf(target: string, index: HeadingIndex): string | null {
  if (target.trim() === '-' || index.fields.has(target)) return target.trim();
  return index.match(target)?.field ?? null;
}

/** One column a field: the surest. A tie is a problem, since either could hold the right values. */
function bestOfEach(candidates: readonly ColumnMatch[], problems: Problem[]): readonly ColumnMatch[] {
  const winners = new Set<ColumnMatch>();
  for (const field of new Set(candidates.map((candidate) => candidate.field))) {
    const columns = candidates.filter((candidate) => candidate.field === field);
    const said = columns.filter((column) => column.reason === 'mapping');
    const pool = said.length > 0 ? said : columns;
    const most = Math.max(...pool.map((column) => column.confidence));
    const best = pool.filter((column) => column.confidence === most);
    const [winner] = best;
    if (winner !== undefined && best.length === 1) winners.add(winner);
    else problems.push({ path: field, rule: 'two-columns', message: tieMessage(field, best) });
  }
  return candidates.filter((candidate) => winners.has(candidate));
}

function tieMessage(field: string, best: readonly ColumnMatch[]): string {
  const named = best.map((column) => `${columnLetter(column.index)} ${JSON.stringify(column.heading)}`).join(' and ');
  const other = columnLetter(best[1]?.index ?? 0);
  return `the columns ${named} both hold the field "${field}"; leave one out by mapping "column ${other}" to "-"`;
}

function unmatchedColumns(
  headings: readonly string[],
  found: {
    readonly columns: readonly ColumnMatch[];
    readonly candidates: readonly ColumnMatch[];
    readonly said: ReadonlyMap<number, string>;
    readonly index: HeadingIndex;
  },
): readonly UnmatchedColumn[] {
  const read = new Set(found.columns.map((column) => column.index));
  const beaten = new Set(found.candidates.map((column) => column.index));
  return [...headings.entries()].flatMap(([index, text]): UnmatchedColumn[] => {
    if (read.has(index) || foldHeading(text) === '' || isOwnHeading(text)) return [];
    const heading = shownHeading(text, index);
    if (found.said.get(index) === '-') return [{ index, heading, reason: 'left out', suggestion: null }];
    if (beaten.has(index)) return [{ index, heading, reason: 'other column fits better', suggestion: null }];
    return [{ index, heading, reason: 'unknown', suggestion: found.index.suggestion(text) }];
  });
}

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
