import { type FieldDefinition, type FieldValue, fieldTypeOf, type RoleName } from '../../fields/index.js';
import type { HeadingIndex } from './heading-index.js';
import { type ColumnSample, commonLook, type LookName, lookText, neutralContext } from './looks.js';

/** A field that a column may hold, by its values alone. */
export interface LooksProposal {
  readonly field: string;
  readonly confidence: number;
  readonly note: string;
}

/** Fewer values than these say nothing. */
const fewest = 3;
const leastShare = 0.8;
const leastOptions = 0.9;

/** With no heading values may speak; a heading that names nothing known may mean another thing that looks the same. */
const sureness = { headless: 0.6, strangeHeading: 0.45 } as const;

/** The look of each kind of field, and the role that picks one of several such fields. */
const fieldsOfLook: Readonly<
  Partial<Record<LookName, { readonly type: FieldDefinition['type']; readonly role?: RoleName }>>
> = {
  phone: { type: 'phone', role: 'phone' },
  email: { type: 'email', role: 'email' },
  pan: { type: 'pan' },
  gstin: { type: 'gstin' },
  ifsc: { type: 'ifsc' },
  aadhaar: { type: 'aadhaar' },
  pincode: { type: 'pincode' },
  amount: { type: 'money', role: 'amount' },
  date: { type: 'date' },
};

/**
 * What a column without a known heading seems to hold: phones, mail addresses, PANs, or the options of one field. A field
 * that another column holds is never proposed. Pure.
 */
export function proposeByLooks(
  sample: ColumnSample,
  index: HeadingIndex,
  column: { readonly headless: boolean; readonly held: ReadonlySet<string> },
): LooksProposal | null {
  const total = sample.cells.length;
  if (total < fewest) return null;
  const base = column.headless ? sureness.headless : sureness.strangeHeading;
  const look = commonLook(sample, leastShare);
  const field = look === null ? undefined : fieldOfLook(look.name, index);
  if (look !== null && field !== undefined && !column.held.has(field)) {
    const note = `${look.count} of ${total} values look like ${lookText[look.name]}`;
    return { field, confidence: rounded((base * look.count) / total), note };
  }
  return look === null ? proposeOptions(sample, index, { base, held: column.held }) : null;
}

/** The one field of the look's type, or the one that plays the role. Of several dates none is likelier. */
function fieldOfLook(look: LookName, index: HeadingIndex): string | undefined {
  const wanted = fieldsOfLook[look];
  if (wanted === undefined) return undefined;
  const playing = wanted.role === undefined ? undefined : index.roles[wanted.role];
  if (playing !== undefined && index.fields.get(playing)?.type === wanted.type) return playing;
  const fields = [...index.fields.values()].filter((field) => field.type === wanted.type);
  return fields.length === 1 ? fields[0]?.key : undefined;
}

function proposeOptions(
  sample: ColumnSample,
  index: HeadingIndex,
  { base, held }: { readonly base: number; readonly held: ReadonlySet<string> },
): LooksProposal | null {
  const total = sample.cells.length;
  const fits = [...index.fields.values()].flatMap((field) => {
    if (field.type !== 'enum' || held.has(field.key)) return [];
    const values = optionsIn(sample, field);
    const fitting = values.length >= leastOptions * total && new Set(values).size >= 2;
    return fitting ? [{ field, count: values.length }] : [];
  });
  const [only] = fits;
  if (only === undefined || fits.length > 1) return null;
  const note = `${only.count} of ${total} values are options of ${only.field.label}`;
  return { field: only.field.key, confidence: rounded((base * only.count) / total), note };
}

/** The options that the values name; gives up where too many name none. */
function optionsIn({ cells }: ColumnSample, field: FieldDefinition): readonly FieldValue[] {
  const type = fieldTypeOf(field);
  const values: FieldValue[] = [];
  for (const [at, cell] of cells.entries()) {
    const read = type.parse(cell.text, field, neutralContext);
    if (read.ok && 'value' in read) values.push(read.value);
    else if (at + 1 - values.length > (1 - leastOptions) * cells.length) break;
  }
  return values;
}

function rounded(confidence: number): number {
  return Math.round(confidence * 100) / 100;
}
