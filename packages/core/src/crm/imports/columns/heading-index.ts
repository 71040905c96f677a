import { type FieldDefinition, type FieldSchema, type LineRoles, nearestWord } from '../../fields/index.js';
import { foldBareHeading, foldHeading, isOwnHeading } from '../heading.js';
import { currencyWords, unitOfWords, withoutUnits } from './amount-unit.js';
import type { MatchReason } from './column-plan.js';
import { type KnownField, knownFields } from './field-headings.js';
import { type HeadingWords, headingWords, longestHeading, wordKey } from './heading-words.js';
import { withoutParty } from './known-heading.js';
import { periodConflict, wordsOfField } from './period-words.js';

/** How sure a heading makes one, by what it is matched by. A heading that is only near a name is never more than a guess. */
export const confidences: Readonly<Record<MatchReason, number>> = {
  mapping: 1,
  key: 1,
  label: 1,
  synonym: 0.95,
  abbreviation: 0.9,
  'known heading': 0.85,
  'without brackets': 0.8,
  'vague heading': 0.6,
  'brackets not understood': 0.5,
  looks: 0.6,
};

/** The field that a heading names. */
export interface HeadingMatch {
  readonly field: string;
  readonly reason: MatchReason;
  readonly confidence: number;
  /** What speaks against it, for people. */
  readonly note: string | null;
}

type Named = { readonly field: string; readonly reason: MatchReason };

/** Names of the fields of a schema, folded, for matching headings; made once a file. */
export class HeadingIndex {
  readonly #exact: Map<string, Named> = new Map();
  readonly #bare: Map<string, string> = new Map();
  /** By words; null where two fields have the same. */
  readonly #words: Map<string, string | null> = new Map();
  readonly #known: ReadonlyMap<string, KnownField>;
  readonly fields: ReadonlyMap<string, FieldDefinition>;
  readonly roles: LineRoles;
  /** Keys of the fields that hold words. */
  readonly wordy: ReadonlySet<string>;

  constructor(schema: Pick<FieldSchema, 'fields'> & { readonly roles?: LineRoles }) {
    const fields = schema.fields.filter((field) => field.retired !== true);
    this.fields = new Map(fields.map((field) => [field.key, field]));
    this.roles = schema.roles ?? {};
    const known = knownFields(schema);
    this.wordy = known.wordy;
    this.#known = known.byName;
    for (const reason of ['key', 'label', 'synonym'] as const) {
      for (const field of fields) for (const name of namesOf(field, reason)) this.#add(field.key, name, reason);
    }
  }

  /** The field that a heading names, or null. */
  match(heading: string): HeadingMatch | null {
    if (heading.length > longestHeading) return null;
    const folded = foldHeading(heading);
    if (folded === '' || isOwnHeading(heading)) return null;
    const exact = this.#exact.get(folded);
    if (exact !== undefined) return { ...exact, confidence: confidences[exact.reason], note: null };
    const words = headingWords(heading);
    const named = this.#byAllWords(words) ?? this.#withoutBrackets(heading, words);
    return named === null ? null : this.#weighed(named, words);
  }

  /** The field that was perhaps meant. */
  suggestion(heading: string): string | null {
    if (heading.length > longestHeading) return null;
    const near = nearestWord(foldBareHeading(heading), this.#exact.keys());
    return near === null ? null : (this.#exact.get(near)?.field ?? null);
  }

  #add(field: string, name: string, reason: MatchReason): void {
    const folded = foldHeading(name);
    if (!this.#exact.has(folded)) this.#exact.set(folded, { field, reason });
    const bare = foldBareHeading(name);
    if (!this.#bare.has(bare)) this.#bare.set(bare, field);
    const { outside, inside } = headingWords(name);
    const words = wordKey(withoutUnits([...outside, ...inside]));
    const other = this.#words.get(words);
    this.#words.set(words, other === undefined || other === field ? field : null);
  }

  #byAllWords({ outside, inside }: HeadingWords): Named | null {
    return this.#byWords([...outside, ...inside]);
  }

  #byWords(all: readonly string[]): Named | null {
    const words = wordKey(withoutUnits(all));
    const own = this.#words.get(words);
    if (typeof own === 'string') return { field: own, reason: 'abbreviation' };
    const known = own === null ? undefined : (this.#known.get(words) ?? this.#ofParty(all));
    if (known === undefined) return null;
    return { field: known.field, reason: known.vague ? 'vague heading' : 'known heading' };
  }

  /** `Applicant Mobile`, where `Mobile` is of the person that the lead is about anyway. */
  #ofParty(all: readonly string[]): KnownField | undefined {
    const known = this.#known.get(wordKey(withoutUnits(withoutParty(all))));
    return known?.personal === true ? known : undefined;
  }

  #withoutBrackets(heading: string, { outside, inside }: HeadingWords): Named | null {
    const bare = foldBareHeading(heading);
    const folded = bare === '' ? undefined : (this.#exact.get(bare)?.field ?? this.#bare.get(bare));
    const named = folded === undefined ? this.#byWords(outside) : { field: folded, reason: 'abbreviation' as const };
    if (named === null) return null;
    const field = this.fields.get(named.field);
    const own = new Set(field === undefined ? [] : wordsOfField(field));
    const isClear = withoutUnits(inside).every((word) => harmless.has(word) || own.has(word));
    if (!isClear) return { field: named.field, reason: 'brackets not understood' };
    return { field: named.field, reason: named.reason === 'vague heading' ? named.reason : 'without brackets' };
  }

  #weighed(named: Named, words: HeadingWords): HeadingMatch {
    const field = this.fields.get(named.field);
    const all = [...words.outside, ...words.inside];
    const conflict = field === undefined ? null : (periodConflict(all, field) ?? unitConflict(all, field));
    if (conflict !== null) return { ...named, confidence: confidences['brackets not understood'], note: conflict };
    const note = named.reason === 'brackets not understood' ? 'it is not clear what stands in brackets' : null;
    return { ...named, confidence: confidences[named.reason], note };
  }
}

function namesOf(field: FieldDefinition, reason: 'key' | 'label' | 'synonym'): readonly string[] {
  if (reason === 'key') return [field.key];
  return reason === 'label' ? [field.label] : (field.synonyms ?? []);
}

/** `Years (in lakhs)`: only amounts are counted in lakhs. */
function unitConflict(words: readonly string[], field: FieldDefinition): string | null {
  const unit = unitOfWords(words);
  return unit === null || field.type === 'money'
    ? null
    : `the heading counts in ${unit}, and ${field.label} is no amount of money`;
}

/** What may stand in brackets and changes nothing: `(mandatory)`, `(DD/MM/YYYY)`, `(10 digits)`, `(Y/N)`, `(as per PAN)`. */
const harmless: ReadonlySet<string> = new Set([
  ...currencyWords,
  ...['mandatory', 'compulsory', 'required', 'optional', 'must', 'if', 'any', 'available', 'only'],
  ...['dd', 'mm', 'yyyy', 'yy', 'mmm', 'd', 'm', 'f', 'y', 'n', 'yes', 'no', 'number', 'format', 'date'],
  ...['digit', 'digits', 'alphanumeric', 'numeric', 'text', 'figures', 'numbers', 'without', 'with', '91', 'std'],
  ...['as', 'per', 'on', 'pan', 'aadhaar', 'card', 'proof', 'kyc', 'monthly', 'annual', 'months', 'month', 'percent'],
  ...['10', '12', '6', '4', 'last', 'four', '0', '1', 'and', 'or', 'id', 'anglo', 'english', 'self'],
]);
