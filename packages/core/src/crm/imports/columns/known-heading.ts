import type { FieldTypeName, RoleName } from '../../fields/index.js';

/**
 * A thing that sheets of Indian lenders and brokers have a column for, under its many names. A field is the thing's when its
 * key or label is among the names, when it plays the role, or when it is the line's only field of the type.
 */
export interface KnownHeading {
  /** Types that a field of it may have. */
  readonly types: readonly FieldTypeName[];
  readonly role?: RoleName;
  /** The line's only field of this type is it. */
  readonly soleType?: FieldTypeName;
  /** It is of the person that the lead is about: `customer`, `applicant` and the like may stand before each name. */
  readonly personal?: true;
  /** Values are words: a column full of numbers or mail addresses is none. */
  readonly wordy?: true;
  /** Written as people write them; case, order and abbreviations do not matter. */
  readonly names: readonly string[];
  /** Names that are often this, and not always: suggested, and taken only when the values agree. */
  readonly vague?: readonly string[];
}

/** Who a lead is about; said or left out, the column is the same. */
const partyWords: ReadonlySet<string> = new Set([
  'customer',
  'applicant',
  'borrower',
  'client',
  'proposer',
  'policyholder',
  'investor',
  'lead',
  'primary',
  'main',
  'ग्राहक',
  'आवेदक',
]);

/** The words of a heading but for those that say whose it is. */
export function withoutParty(words: readonly string[]): readonly string[] {
  return words.filter((word) => !partyWords.has(word));
}
