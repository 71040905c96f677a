import type { FieldDefinition, FieldSchema, LineRoles, RoleName } from '../../fields/index.js';
import { headingWords, wordKey } from './heading-words.js';
import { type KnownHeading, partyWords } from './known-heading.js';
import { personHeadings } from './person-headings.js';
import { productHeadings } from './product-headings.js';
import { workHeadings } from './work-headings.js';

/** A field under a name of the table of known headings. */
export interface KnownField {
  readonly field: string;
  /** Often this field and not always. */
  readonly vague: boolean;
}

/**
 * The names of the table of known headings that mean a field of this line, by their words. A name that could mean two of its
 * fields means none.
 */
export function knownFieldNames(
  schema: Pick<FieldSchema, 'fields'> & { readonly roles?: LineRoles },
): ReadonlyMap<string, KnownField> {
  const fields = schema.fields.filter((field) => field.retired !== true);
  const found = new Map<string, KnownField | null>();
  for (const { known, names, vague } of compiledHeadings()) {
    const field = fieldOf(known, fields, schema.roles ?? {});
    if (field === null) continue;
    for (const [list, isVague] of [[names, false] as const, [vague, true] as const]) {
      for (const name of list) {
        const other = found.get(name);
        const same = other === undefined || other?.field === field;
        found.set(name, same ? { field, vague: isVague && other?.vague !== false } : null);
      }
    }
  }
  return new Map([...found].flatMap(([name, one]) => (one === null ? [] : [[name, one] as const])));
}

/** Keys of the fields whose values are words: a column of numbers is none of them. */
export function wordyFields(schema: Pick<FieldSchema, 'fields'> & { readonly roles?: LineRoles }): ReadonlySet<string> {
  const fields = schema.fields.filter((field) => field.retired !== true);
  return new Set(
    compiledHeadings().flatMap(({ known }) =>
      known.wordy === true ? (fieldOf(known, fields, schema.roles ?? {}) ?? []) : [],
    ),
  );
}

function fieldOf(known: KnownHeading, fields: readonly FieldDefinition[], roles: LineRoles): string | null {
  const fitting = fields.filter((field) => known.types.includes(field.type));
  const byRole = known.role === undefined ? undefined : playing(known.role, fitting, roles);
  if (byRole !== undefined) return byRole.key;
  const named = fitting.filter((field) => isNamed(known, field));
  if (named.length > 0) return named.length === 1 ? (named[0]?.key ?? null) : null;
  const ofType = known.soleType === undefined ? [] : fields.filter((field) => field.type === known.soleType);
  return ofType.length === 1 ? (ofType[0]?.key ?? null) : null;
}

function playing(role: RoleName, fields: readonly FieldDefinition[], roles: LineRoles): FieldDefinition | undefined {
  return fields.find((field) => field.key === roles[role]);
}

/** By its label, or by its key where the label says nothing that the thing has not: `Trading experience` is none. */
function isNamed(known: KnownHeading, field: FieldDefinition): boolean {
  const compiled = compiledHeadings().find((one) => one.known === known);
  if (compiled === undefined) return false;
  const label = headingWords(field.label);
  const labels = [label.outside, [...label.outside, ...label.inside]].map(wordKey);
  if (labels.some((name) => compiled.names.has(name))) return true;
  const key = wordKey(headingWords(field.key).outside);
  return compiled.names.has(key) && label.outside.every((word) => compiled.vocabulary.has(word));
}

interface CompiledHeading {
  readonly known: KnownHeading;
  readonly names: ReadonlySet<string>;
  readonly vague: ReadonlySet<string>;
  readonly vocabulary: ReadonlySet<string>;
}

function keysOf(names: readonly string[], personal: boolean): ReadonlySet<string> {
  const withParty = personal
    ? names.flatMap((name) => [name, ...partyWords.map((party) => `${party} ${name}`)])
    : names;
  return new Set(withParty.map((name) => wordKey(headingWords(name).outside)));
}

/** One table, in three files. */
const knownHeadings: readonly KnownHeading[] = [...personHeadings, ...workHeadings, ...productHeadings];

let compiled: readonly CompiledHeading[] | undefined;

/** Made when the first file is read: it takes longer than all else that loading this module does, and most programs read none. */
function compiledHeadings(): readonly CompiledHeading[] {
  compiled ??= knownHeadings.map((known) => ({
    known,
    names: keysOf(known.names, known.personal === true),
    vague: keysOf(known.vague ?? [], false),
    vocabulary: new Set(known.names.flatMap((name) => headingWords(name).outside)),
  }));
  return compiled;
}
