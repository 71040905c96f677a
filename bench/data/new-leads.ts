import { Dice } from '../../scripts/demo-data/dice.ts';
import { productLine } from './personal-loan.ts';

/** Blocks of numbers that are plainly made up, 100,000 people in each; the first five are full before the others are taken. */
const mobileBlocks = [
  ['98765', '91234', '81234', '70123', '76543'],
  ['98764', '91235', '81235', '70124', '76544'],
] as const;
const peopleOfABlock = 100_000;
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const towns: readonly [Town, ...Town[]] = [
  ['Mumbai', '400053'],
  ['Pune', '411014'],
  ['Nagpur', '440010'],
  ['Bengaluru', '560034'],
  ['Hyderabad', '500081'],
  ['Chennai', '600040'],
  ['New Delhi', '110019'],
  ['Gurugram', '122002'],
  ['Jaipur', '302017'],
  ['Lucknow', '226010'],
  ['Ahmedabad', '380015'],
  ['Surat', '395007'],
  ['Indore', '452001'],
  ['Kolkata', '700091'],
  ['Kochi', '682020'],
];

type Town = readonly [city: string, pincode: string];

export interface BenchLead {
  readonly productLine: string;
  readonly source: string;
  readonly fields: Readonly<Record<string, string | number>>;
}

/**
 * The lead with this serial number, from 0 to 999,999: 24 fields as people type them, no two leads with the same phone, mail or
 * PAN. The same number gives the same lead.
 */
export function newLead(serial: number): BenchLead {
  const dice = new Dice(serial);
  const [city, pincode] = dice.pick(towns);
  const firstName = dice.pick(['Asha', 'Ravi', 'Priya', 'Amit', 'Sunita', 'Suresh', 'Kavita', 'Imran']);
  const lastName = dice.pick(['Sharma', 'Patil', 'Gupta', 'Singh', 'Reddy', 'Iyer', 'Khan', 'Nair']);
  const fields = {
    fullName: `${firstName} ${lastName}`,
    dateOfBirth: `${dice.whole(10, 28)}/0${dice.whole(1, 9)}/${dice.whole(1966, 2002)}`,
    gender: dice.pick(['M', 'F']),
    maritalStatus: dice.pick(['Single', 'Married']),
    pan: panOf(serial),
    mobile: mobileOf(serial),
    email: `${firstName}.${lastName}${serial}@example.com`,
    address: `${dice.whole(1, 400)}, Example Road, ${city} ${pincode}`,
    city,
    pincode,
    residenceType: dice.pick(['Own house', 'Rented', 'Parents']),
    employmentType: dice.pick(['Salaried', 'Self employed', 'Doctor']),
    employerName: dice.pick(['Sample Infotech Pvt Ltd', 'Example Steel Works', 'Testwell Hospitals']),
    monthlyIncome: dice.pick(['45,000', '62,500', '1.2 lakh', '38000']),
    experienceYears: dice.whole(1, 25),
    loanAmount: dice.whole(50, 5000) * 1000,
    tenureMonths: dice.pick([12, 24, 36, 48, 60]),
    loanPurpose: dice.pick(['Medical', 'Shaadi', 'BT', 'Travel']),
    existingEmi: dice.whole(0, 200) * 100,
    creditScore: dice.whole(560, 860),
    hasCreditCard: dice.pick(['Y', 'N']),
    bankName: dice.pick(['Example Bank', 'Sample Co-operative Bank']),
    consentGiven: 'Y',
    customerRemarks: dice.pick(['Call after 6 pm', 'Wants a lower rate than his present lender', 'शाम को कॉल करें']),
  };
  return { productLine, source: 'website', fields };
}

function mobileOf(serial: number): string {
  const [first] = mobileBlocks;
  const ofFive = first.length * peopleOfABlock;
  const blocks = mobileBlocks[Math.floor(serial / ofFive)];
  if (blocks === undefined) throw new Error(`there are no mobile numbers for lead ${serial}`);
  const within = serial % ofFive;
  return `${blocks[within % blocks.length]} ${String(Math.floor(within / blocks.length)).padStart(5, '0')}`;
}

function panOf(serial: number): string {
  const block = Math.floor(serial / 9000);
  const letter = (value: number): string => letters.charAt(value % letters.length);
  return `${letter(block)}${letter(block / 26)}XPS${String(1000 + (serial % 9000))}Z`;
}
