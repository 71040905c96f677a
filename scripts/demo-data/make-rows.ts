import { faults } from './bad-rows.ts';
import type { Dice } from './dice.ts';
import { makePerson, type Person } from './people.ts';
import { type SampleRow, sampleRow } from './sample-row.ts';
import { spellMobile } from './spellings.ts';

/** What an import must make of a row of the sample. */
export type Verdict =
  | { readonly kind: 'created' }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'rejected'; readonly fields: readonly string[] };

export interface VerdictRow {
  readonly row: SampleRow;
  readonly verdict: Verdict;
}

export interface SampleSize {
  readonly rows: number;
  readonly rejected: number;
  readonly duplicates: number;
  /** First serial number of the people in it. */
  readonly firstPerson: number;
}

type Part = 'good' | 'rejected' | 'duplicate';

/** The rows of a sample: bad rows and duplicates spread among the good ones, a duplicate always below what it repeats. */
export function makeRows(size: SampleSize, dice: Dice): readonly VerdictRow[] {
  const goodAhead = Math.min(10, size.rows - size.rejected - size.duplicates);
  const rest: Part[] = [
    ...Array<Part>(size.rows - size.rejected - size.duplicates - goodAhead).fill('good'),
    ...Array<Part>(size.rejected).fill('rejected'),
    ...Array<Part>(size.duplicates).fill('duplicate'),
  ];
  const parts = [...Array<Part>(goodAhead).fill('good'), ...dice.shuffled(rest)];
  const known: { person: Person; row: SampleRow }[] = [];
  let faulty = 0;
  return parts.map((part, at): VerdictRow => {
    const person = makePerson(size.firstPerson + at, dice);
    const row = sampleRow(person, at + 1, dice);
    if (part === 'good') {
      known.push({ person, row });
      return { row, verdict: { kind: 'created' } };
    }
    if (part === 'duplicate') {
      const repeated = known[dice.whole(0, known.length - 1)];
      if (repeated === undefined) throw new Error('a duplicate needs a row above it');
      return { row: { ...row, ...sharedWith(repeated, dice) }, verdict: { kind: 'duplicate' } };
    }
    const fault = faults[faulty % faults.length];
    faulty += 1;
    if (fault === undefined) throw new Error('there are no faults');
    return { row: { ...row, ...fault.cells }, verdict: { kind: 'rejected', fields: fault.fields } };
  });
}

/** What the second enquiry of a person has in common with the first: the phone in another spelling, the mail, or the PAN. */
function sharedWith(first: { readonly person: Person; readonly row: SampleRow }, dice: Dice): Partial<SampleRow> {
  const { person, row } = first;
  const ways: [Partial<SampleRow>, ...Partial<SampleRow>[]] = [{ 'Mobile No.': spellMobile(person.mobile, dice) }];
  if (row['E-mail ID'] !== null) ways.push({ 'E-mail ID': ` ${person.email} ` });
  if (row['PAN No.'] !== null) ways.push({ 'PAN No.': person.pan.toLowerCase() });
  return dice.pick(ways);
}
