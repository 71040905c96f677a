import { Dice } from '../../scripts/demo-data/dice.ts';

/** A date is written as people type it into text files, and as a real date into workbooks. */
export type TableCell = string | number | Date;

/** A table to import: 12 columns for the personal-loan example line. */
export interface TableShape {
  readonly headings: readonly string[];
  /** The row with this serial number, from 0; the same number gives the same row, and no two have a unique value in common. */
  row(serial: number): readonly TableCell[];
}

export const tableNames = ['plain', 'distinct-texts'] as const;
export type TableName = (typeof tableNames)[number];

type Town = readonly [city: string, pincode: number];

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** First halves of numbers that are plainly made up; none is ten times one digit. */
const mobileBlocks = [
  '98765',
  '91234',
  '81234',
  '70123',
  '76543',
  '90000',
  '99887',
  '88990',
  '77665',
  '80123',
] as const;
const firstNames = ['Asha', 'Ravi', 'Priya', 'Amit', 'Sunita', 'Suresh', 'Kavita', 'Imran'] as const;
const lastNames = ['Sharma', 'Patil', 'Gupta', 'Singh', 'Reddy', 'Iyer', 'Khan', 'Nair'] as const;
const towns: readonly [Town, ...Town[]] = [
  ['Mumbai', 400053],
  ['Pune', 411014],
  ['Nagpur', 440010],
  ['Bengaluru', 560034],
  ['Hyderabad', 500081],
  ['Chennai', 600040],
];
const employments = ['Salaried', 'Self employed', 'Doctor'] as const;

/** What a lender's sheet looks like: three columns of values that no other row has, the rest from short lists. */
const plain: TableShape = {
  headings: [
    'Customer Name',
    'Mobile No.',
    'Email',
    'PAN',
    'D.O.B',
    'City',
    'Pincode',
    'Employment Type',
    'Monthly Income',
    'Loan Amt (Rs)',
    'Tenure',
    'Purpose',
  ],
  row(serial) {
    const dice = new Dice(serial);
    const firstName = dice.pick(firstNames);
    const lastName = dice.pick(lastNames);
    const [city, pincode] = dice.pick(towns);
    return [
      `${firstName} ${lastName}`,
      Number(mobileOf(serial)),
      emailOf(serial, firstName, lastName),
      panOf(serial),
      birthDate(dice),
      city,
      pincode,
      dice.pick(employments),
      dice.pick(['45,000', '62,500', '1.2 lakh', '38000']),
      dice.whole(50, 5000) * 1000,
      dice.pick([12, 24, 36, 48, 60]),
      dice.pick(['Medical', 'Travel', 'Wedding']),
    ];
  },
};

/** Eight columns of texts that no other cell of the table has: the shared strings of its workbook are eight a row. */
const distinctTexts: TableShape = {
  headings: [
    'Customer Name',
    'Mobile No.',
    'Email',
    'PAN',
    'Current address',
    'Employer Name',
    'Designation',
    'Customer Remarks',
    'D.O.B',
    'Employment Type',
    'Monthly Income',
    'Loan Amt (Rs)',
  ],
  row(serial) {
    const dice = new Dice(serial);
    const firstName = dice.pick(firstNames);
    const lastName = dice.pick(lastNames);
    const [city, pincode] = dice.pick(towns);
    return [
      `${firstName} ${lastName} ${serial}`,
      mobileOf(serial),
      emailOf(serial, firstName, lastName),
      panOf(serial),
      `${serial}, Example Road, ${city} ${pincode}`,
      `Sample Works ${serial}`,
      `Clerk ${serial}`,
      `Call after ${dice.whole(1, 9)} pm, file ${serial}`,
      birthDate(dice),
      dice.pick(employments),
      dice.whole(25, 200) * 1000,
      dice.whole(50, 5000) * 1000,
    ];
  },
};

export const tables: Readonly<Record<TableName, TableShape>> = { plain, 'distinct-texts': distinctTexts };

/** So many rows have a mobile number of their own. */
const mostRows: number = mobileBlocks.length * 100_000;

function mobileOf(serial: number): string {
  if (serial >= mostRows) throw new Error(`there are mobile numbers for ${mostRows} rows only`);
  const within = Math.floor(serial / mobileBlocks.length);
  return `${mobileBlocks[serial % mobileBlocks.length]}${String(within).padStart(5, '0')}`;
}

function emailOf(serial: number, firstName: string, lastName: string): string {
  return `${firstName}.${lastName}${serial}@example.com`.toLowerCase();
}

function panOf(serial: number): string {
  const block = Math.floor(serial / 9000);
  const letter = (value: number): string => letters.charAt(value % letters.length);
  return `${letter(block)}${letter(Math.floor(block / 26))}XPS${String(1000 + (serial % 9000))}Z`;
}

function birthDate(dice: Dice): Date {
  return new Date(Date.UTC(dice.whole(1966, 2002), dice.whole(0, 8), dice.whole(10, 28)));
}
