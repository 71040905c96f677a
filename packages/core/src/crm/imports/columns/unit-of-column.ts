import type { AmountUnit } from '../mapping-target.js';
import { isTooManyFor, unitOfWords } from './amount-unit.js';
import type { HeadingIndex } from './heading-index.js';
import { headingWords } from './heading-words.js';
import type { ColumnSample } from './looks.js';

/** What the bare numbers of an amount's column count, as its heading says; null when it says nothing. */
export function headingUnit(heading: string, fieldKey: string, index: HeadingIndex): AmountUnit | null {
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

export function unitNotes(unit: AmountUnit | null): readonly string[] {
  return unit === null || unit === 'one' ? [] : [`numbers count ${unitWords[unit]}: 5 is read as 5 ${unit}`];
}

/** A column headed "in lakhs" whose numbers are whole amounts is one of the two; which, a person has to say. */
export function unitDoubt(sample: ColumnSample | undefined, unit: AmountUnit): string | null {
  const cells = sample?.cells ?? [];
  const tooMany = cells.filter((cell) => isTooManyFor(cell.text, unit)).length;
  if (tooMany === 0 || tooMany * 10 < cells.length) return null;
  return `the heading counts ${unitWords[unit]}, but ${tooMany} of ${cells.length} values are too large for that; say the unit in a mapping`;
}
