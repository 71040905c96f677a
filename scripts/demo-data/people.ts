import type { Dice } from './dice.ts';

/** A person who does not exist, as one row describes them. Amounts in whole rupees. */
export interface Person {
  readonly firstName: string;
  readonly lastName: string;
  /** The name in Devanagari, for rows that were typed so. */
  readonly hindiName: string;
  readonly female: boolean;
  /** Ten digits. */
  readonly mobile: string;
  readonly email: string;
  readonly pan: string;
  readonly born: Date;
  readonly city: string;
  readonly pincode: string;
  readonly occupation: Occupation;
  readonly company: string;
  readonly salary: number;
  readonly loan: number;
  readonly tenureMonths: number;
  readonly creditScore: number;
  readonly emi: number;
}

export type Occupation = 'salaried' | 'professional' | 'business';

type Name = readonly [latin: string, devanagari: string];

const women: readonly [Name, ...Name[]] = [
  ['Asha', 'आशा'],
  ['Priya', 'प्रिया'],
  ['Sunita', 'सुनीता'],
  ['Kavita', 'कविता'],
  ['Meena', 'मीना'],
  ['Anjali', 'अंजलि'],
  ['Rekha', 'रेखा'],
  ['Pooja', 'पूजा'],
  ['Lakshmi', 'लक्ष्मी'],
  ['Neha', 'नेहा'],
  ['Shweta', 'श्वेता'],
  ['Farida', 'फ़रीदा'],
];

const men: readonly [Name, ...Name[]] = [
  ['Ravi', 'रवि'],
  ['Amit', 'अमित'],
  ['Suresh', 'सुरेश'],
  ['Vijay', 'विजय'],
  ['Rajesh', 'राजेश'],
  ['Arjun', 'अर्जुन'],
  ['Imran', 'इमरान'],
  ['Deepak', 'दीपक'],
  ['Sanjay', 'संजय'],
  ['Mohan', 'मोहन'],
  ['Karthik', 'कार्तिक'],
  ['Harpreet', 'हरप्रीत'],
];

const surnames: readonly [Name, ...Name[]] = [
  ['Sharma', 'शर्मा'],
  ['Verma', 'वर्मा'],
  ['Patil', 'पाटील'],
  ['Kulkarni', 'कुलकर्णी'],
  ['Gupta', 'गुप्ता'],
  ['Singh', 'सिंह'],
  ['Reddy', 'रेड्डी'],
  ['Iyer', 'अय्यर'],
  ['Khan', 'ख़ान'],
  ['Joshi', 'जोशी'],
  ['Nair', 'नायर'],
  ['Desai', 'देसाई'],
  ['Chauhan', 'चौहान'],
  ['Mishra', 'मिश्रा'],
  ['Yadav', 'यादव'],
];

type Town = readonly [city: string, pincode: string];

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

const companies: readonly [string, ...string[]] = [
  'Sample Infotech Pvt Ltd',
  'Example Steel Works',
  'Nirmiti Textiles (Demo)',
  'Udaharan Logistics',
  'Placeholder Pharma Ltd.',
  'Testwell Hospitals',
  'Zila Parishad School',
  'Self',
];

/** Blocks of numbers that are plainly made up; each person has one of their own. */
const mobileBlocks = ['987654', '912345', '812345', '701234', '765432'] as const;
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** @param serial tells people apart: their phone, mail and PAN are made of it. From 0 to 49,999. */
export function makePerson(serial: number, dice: Dice): Person {
  const female = dice.chance(0.45);
  const [firstName, hindiFirst] = dice.pick(female ? women : men);
  const [lastName, hindiLast] = dice.pick(surnames);
  const [city, pincode] = dice.pick(towns);
  const salary = dice.whole(18, 180) * 1000 + dice.pick([0, 0, 250, 500]);
  const code = String(serial).padStart(4, '0');
  return {
    firstName,
    lastName,
    hindiName: `${hindiFirst} ${hindiLast}`,
    female,
    mobile: `${mobileBlocks[serial % mobileBlocks.length]}${String(Math.floor(serial / mobileBlocks.length)).padStart(4, '0')}`,
    email: `${firstName}.${lastName}${code}@example.${dice.pick(['com', 'org', 'net'])}`.toLowerCase(),
    pan: `${letter(serial)}${letter(serial / 26)}${letter(serial / 676)}P${lastName.charAt(0)}${String(1000 + (serial % 9000))}${dice.pick([...letters] as [string, ...string[]])}`,
    born: new Date(Date.UTC(dice.whole(1966, 2002), dice.whole(0, 11), dice.whole(1, 28))),
    city,
    pincode,
    occupation: dice.pick(['salaried', 'salaried', 'salaried', 'business', 'professional']),
    company: dice.pick(companies),
    salary,
    loan: dice.pick([
      50_000, 75_000, 100_000, 150_000, 200_000, 250_000, 300_000, 500_000, 750_000, 1_000_000, 1_500_000,
    ]),
    tenureMonths: dice.pick([12, 18, 24, 36, 48, 60]),
    creditScore: dice.whole(560, 860),
    emi: dice.chance(0.5) ? 0 : dice.whole(10, 200) * 100,
  };
}

function letter(value: number): string {
  return letters.charAt(Math.floor(value) % letters.length);
}
