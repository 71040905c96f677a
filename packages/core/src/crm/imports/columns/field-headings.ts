import type { FieldDefinition, FieldSchema, LineRoles } from '../../fields/index.js';
import { headingWords, wordKey } from './heading-words.js';
import { type KnownHeading, withoutParty } from './known-heading.js';
import { personHeadings } from './person-headings.js';
import { productHeadings } from './product-headings.js';
import { workHeadings } from './work-headings.js';

/** A field under a name of the table of known headings. */
export interface KnownField {
  readonly field: string;
  /** Often this field and not always. */
  readonly vague: boolean;
  /** It stays this field when the heading says whose it is: `Customer Mobile`. */
  readonly personal: boolean;
}

/** What the table of known headings says of one line. */
export interface KnownFields {
  /** By the words of each name. A name that could mean two fields of the line means none, and is absent. */
  readonly byName: ReadonlyMap<string, KnownField>;
  /** Keys of the fields whose values are words: a column of numbers is none of them. */
  readonly wordy: ReadonlySet<string>;
}

type Schema = Pick<FieldSchema, 'fields'> & { readonly roles?: LineRoles };

/** Finds the fields of a line in the table of known headings. */
export function knownFields(schema: Schema): KnownFields {
  const names = schema.fields.filter((field) => field.retired !== true).map(namesOf);
  const byName = new Map<string, KnownField | null>();
  const wordy = new Set<string>();
  for (const compiled of compiledHeadings()) {
    const field = fieldOf(compiled, names, schema.roles ?? {});
    if (field === null) continue;
    const { known } = compiled;
    const personal = known.personal === true;
    if (known.wordy === true) wordy.add(field);
    for (const name of compiled.vague) addName(byName, name, { field, vague: true, personal: false });
    for (const name of compiled.names) addName(byName, name, { field, vague: false, personal });
  }
  return { byName: new Map([...byName].flatMap(([name, one]) => (one === null ? [] : [[name, one]]))), wordy };
}

function addName(byName: Map<string, KnownField | null>, name: string, known: KnownField): void {
  const other = byName.get(name);
  byName.set(name, other === undefined || other?.field === known.field ? known : null);
}

/** A field with the words by which it can be found in the table. */
interface FieldNames {
  readonly field: FieldDefinition;
  readonly label: readonly string[];
  readonly labels: readonly string[];
  readonly key: string;
}

function namesOf(field: FieldDefinition): FieldNames {
  const { outside, inside } = headingWords(field.label);
  const labels = [outside, [...outside, ...inside], withoutParty(outside)].map(wordKey);
  return { field, label: outside, labels, key: wordKey(headingWords(field.key).outside) };
}

function fieldOf(compiled: CompiledHeading, all: readonly FieldNames[], roles: LineRoles): string | null {
  const { types, role, soleType } = compiled.known;
  const fitting = all.filter(({ field }) => types.some((type) => type === field.type));
  const playing = role === undefined ? undefined : fitting.find(({ field }) => field.key === roles[role]);
  if (playing !== undefined) return playing.field.key;
  const named = fitting.filter((names) => isNamed(compiled, names));
  if (named.length > 0) return named.length === 1 ? (named[0]?.field.key ?? null) : null;
  const ofType = soleType === undefined ? [] : all.filter(({ field }) => field.type === soleType);
  return ofType.length === 1 ? (ofType[0]?.field.key ?? null) : null;
}

/** By its label, or by its key where the label says nothing that the thing has not: `Trading experience` is none. */
function isNamed({ names, vocabulary }: CompiledHeading, { label, labels, key }: FieldNames): boolean {
  if (labels.some((name) => names.has(name))) return true;
  return names.has(key) && label.every((word) => vocabulary.has(word));
}

interface CompiledHeading {
  readonly known: KnownHeading;
  readonly names: ReadonlySet<string>;
  readonly vague: ReadonlySet<string>;
  readonly vocabulary: ReadonlySet<string>;
}

/** One table, in three files. */
const knownHeadings: readonly KnownHeading[] = [...personHeadings, ...workHeadings, ...productHeadings];

let compiled: readonly CompiledHeading[] | undefined;

/** Made when the first file is read: it takes longer than all else that loading this module does, and most programs read none. */
function compiledHeadings(): readonly CompiledHeading[] {
  compiled ??= knownHeadings.map((known) => {
    const names = known.names.map((name) => headingWords(name).outside);
    return {
      known,
      names: new Set(names.map(wordKey)),
      vague: new Set((known.vague ?? []).map((name) => wordKey(headingWords(name).outside))),
      vocabulary: new Set(names.flat()),
    };
  });
  return compiled;
}
