import type { Dice } from './dice.ts';
import type { Occupation, Person } from './people.ts';
import { type SampleCell, spellAmount, spellDate, spellMobile, untidy } from './spellings.ts';

/** Headings as ops people write them; the first, "Lead Source" and "Allotted To" are no fields of the product line. */
export const headings = [
  'Sr. No.',
  'Customer Name',
  'Mobile No.',
  'E-mail ID',
  'D.O.B',
  'PAN No.',
  'Sex',
  'Occupation',
  'Company Name',
  'Net Salary',
  'Loan Amt (Rs)',
  'Tenure in Months',
  'Purpose of Loan',
  'City',
  'Pin Code',
  'CIBIL Score',
  'Existing EMI',
  'Credit Card (Y/N)',
  'ROI',
  'Consent (Y/N)',
  'Lead Source',
  'Allotted To',
  'Remarks',
] as const;
export type Heading = (typeof headings)[number];

/** One row, by heading. */
export type SampleRow = Readonly<Record<Heading, SampleCell>>;

const occupations: Readonly<Record<Occupation, readonly [string, ...string[]]>> = {
  salaried: ['Salaried', 'salaried', 'SALARIED', 'Sal', 'Service', 'Job'],
  business: ['Self employed', 'Business', 'SENP', 'Trader'],
  professional: ['SEP', 'Self-employed professional', 'Doctor', 'CA'],
};

const remarks: readonly [string | null, ...(string | null)[]] = [
  null,
  null,
  null,
  'Call after 6 pm',
  'Docs ready',
  'BT case, wants lower ROI',
  'शाम को कॉल करें',
  'Interested; "urgent" as per branch',
  'Walk-in,\nreferred by branch',
];

/** A person as one row: each value in one of the ways it is met, a tenth of the texts with blanks around them. */
export function sampleRow(person: Person, serial: number, dice: Dice): SampleRow {
  const clean: SampleRow = {
    'Sr. No.': serial,
    'Customer Name': spellName(person, dice),
    'Mobile No.': spellMobile(person.mobile, dice),
    'E-mail ID': dice.chance(0.85) ? spellEmail(person.email, dice) : null,
    'D.O.B': spellDate(person.born, dice),
    'PAN No.': dice.chance(0.8) ? spellPan(person.pan, dice) : null,
    Sex: dice.pick(person.female ? ['F', 'Female', 'female', 'महिला', null] : ['M', 'Male', 'MALE', 'पुरुष', null]),
    Occupation: dice.pick(occupations[person.occupation]),
    'Company Name': person.company,
    'Net Salary': spellAmount(person.salary, dice),
    'Loan Amt (Rs)': spellAmount(person.loan, dice),
    'Tenure in Months': dice.pick<SampleCell>([person.tenureMonths, String(person.tenureMonths), null]),
    'Purpose of Loan': dice.pick([
      'Medical',
      'wedding',
      'Shaadi',
      'Home improvement',
      'BT',
      'Personal use',
      'Travel',
      null,
    ]),
    City: dice.pick([person.city, person.city, person.city.toUpperCase()]),
    'Pin Code': dice.pick<SampleCell>([
      Number(person.pincode),
      person.pincode,
      `${person.pincode.slice(0, 3)} ${person.pincode.slice(3)}`,
    ]),
    'CIBIL Score': dice.chance(0.8) ? person.creditScore : null,
    'Existing EMI': person.emi === 0 ? dice.pick([0, null]) : spellAmount(person.emi, dice),
    'Credit Card (Y/N)': dice.pick(['Y', 'N', 'Yes', 'no', null]),
    ROI: dice.pick<SampleCell>([{ percent: 0.14 }, { percent: 0.1275 }, '16%', '18.5 %', 15, null, null]),
    'Consent (Y/N)': dice.pick(['Y', 'Yes', 'Y', 'N', null]),
    'Lead Source': dice.pick(['Branch', 'Website', 'DSA', 'Camp']),
    'Allotted To': dice.pick(['Team A', 'Team B', null]),
    Remarks: dice.pick(remarks),
  };
  const dirty = headings.map((heading): [Heading, SampleCell] => {
    const cell = clean[heading];
    return [heading, typeof cell === 'string' && dice.chance(0.1) ? untidy(cell, dice) : cell];
  });
  return { ...clean, ...Object.fromEntries(dirty) };
}

function spellName(person: Person, dice: Dice): string {
  const { firstName, lastName, hindiName, female } = person;
  if (dice.chance(0.12)) return hindiName;
  const full = `${firstName} ${lastName}`;
  return dice.pick([
    full,
    full,
    full.toUpperCase(),
    full.toLowerCase(),
    `${female ? 'Ms' : 'Mr'}. ${full}`,
    `${lastName} ${firstName}`,
  ]);
}

function spellEmail(email: string, dice: Dice): string {
  return dice.pick([email, email, ` ${email}`, `${email} `, `${email.charAt(0).toUpperCase()}${email.slice(1)}`]);
}

function spellPan(pan: string, dice: Dice): string {
  return dice.pick([pan, pan, pan.toLowerCase(), `${pan.slice(0, 5)} ${pan.slice(5, 9)} ${pan.slice(9)}`]);
}
