import { cleanText, foldDigits } from '../../../foundation/kernel/index.js';

/**
 * How headings of lenders' and brokers' sheets shorten words. One short form has one meaning here; what may mean two things
 * (`emp`, `co`, `ref`) is not in the table.
 */
const abbreviations: Readonly<Record<string, string>> = {
  ac: 'account',
  acc: 'account',
  acct: 'account',
  add: 'address',
  addr: 'address',
  adhaar: 'aadhaar',
  adhar: 'aadhaar',
  aadhar: 'aadhaar',
  adr: 'address',
  alt: 'alternate',
  alternative: 'alternate',
  amnt: 'amount',
  amt: 'amount',
  ann: 'annual',
  avg: 'average',
  bdate: 'birth date',
  cell: 'mobile',
  cellphone: 'mobile',
  cont: 'contact',
  cust: 'customer',
  customers: 'customer',
  desg: 'designation',
  desig: 'designation',
  emis: 'emi',
  dob: 'birth date',
  exp: 'experience',
  fname: 'first name',
  govt: 'government',
  handphone: 'mobile',
  inc: 'income',
  ins: 'insurance',
  lname: 'last name',
  mob: 'mobile',
  mobileno: 'mobile number',
  mobno: 'mobile number',
  mnthly: 'monthly',
  mthly: 'monthly',
  no: 'number',
  nos: 'number',
  nmbr: 'number',
  num: 'number',
  nr: 'number',
  occ: 'occupation',
  org: 'organisation',
  organization: 'organisation',
  pa: 'annual',
  panno: 'pan number',
  perm: 'permanent',
  ph: 'phone',
  phno: 'phone number',
  phoneno: 'phone number',
  pm: 'monthly',
  prod: 'product',
  qualif: 'qualification',
  regd: 'registered',
  regn: 'registration',
  req: 'required',
  reqd: 'required',
  reqmt: 'required',
  reqt: 'required',
  requirement: 'required',
  requested: 'required',
  needed: 'required',
  resi: 'residence',
  residential: 'residence',
  roi: 'interest rate',
  sal: 'salary',
  tel: 'telephone',
  tenor: 'tenure',
  wrk: 'work',
  year: 'years',
  yr: 'years',
  yrs: 'years',
  month: 'months',
  mth: 'months',
  mths: 'months',
  yearly: 'annual',
  zipcode: 'pincode',
  नंबर: 'number',
  नम्बर: 'number',
  न: 'number',
  सं: 'number',
  संख्या: 'number',
};

/** Several words that are one thing. The longest of them first. */
const compounds: readonly (readonly [phrase: string, word: string])[] = [
  ['co applicant', 'coapplicant'],
  ['co borrower', 'coapplicant'],
  ['joint applicant', 'coapplicant'],
  ['date of birth', 'birth date'],
  ['do b', 'birth date'],
  ['d o b', 'birth date'],
  ['per month', 'monthly'],
  ['p m', 'monthly'],
  ['a month', 'monthly'],
  ['per annum', 'annual'],
  ['p a', 'annual'],
  ['per year', 'annual'],
  ['a year', 'annual'],
  ['a c', 'account'],
  ['e mail', 'email'],
  ['pin code', 'pincode'],
  ['zip code', 'pincode'],
  ['postal code', 'pincode'],
  ['cell phone', 'mobile'],
  ['mobile phone', 'mobile'],
  ['take home', 'takehome'],
  ['in hand', 'takehome'],
  ['c o', 'careof'],
  ['policy holder', 'policyholder'],
];

/** Words that change nothing. */
const noise: ReadonlySet<string> = new Set([
  'of',
  'for',
  'or',
  'the',
  'in',
  'your',
  'please',
  'enter',
  'का',
  'की',
  'के',
  'में',
]);

/** A heading as its words: what stands outside brackets, and what inside. */
export interface HeadingWords {
  readonly outside: readonly string[];
  readonly inside: readonly string[];
}

/** What is longer is no heading; and patterns take their time over it. */
export const longestHeading = 300;

const bracketed = /\(([^)]*)\)|\[([^\]]*)\]/g;

/**
 * The words of a heading, abbreviations written out: `Mob #` and `mobile_no.` are both `mobile number`, `loanAmt` is `loan
 * amount`, `D.O.B` is `birth date`. Small letters; no word twice.
 */
export function headingWords(heading: string): HeadingWords {
  const text = foldDigits(cleanText(heading.slice(0, longestHeading)).normalize('NFKC'));
  const inside = [...text.matchAll(bracketed)].map(([, round, square]) => round ?? square ?? '').join(' ');
  return { outside: wordsOf(text.replace(bracketed, ' ')), inside: wordsOf(inside) };
}

/** One text for all headings of the same words, in whatever order: `Name of Applicant` and `Applicant Name` are one. */
export function wordKey(words: readonly string[]): string {
  return [...new Set(words)].sort().join(' ');
}

function wordsOf(text: string): readonly string[] {
  const spaced = text
    // Letters with dots between them are one abbreviation.
    .replace(/(?<![\p{L}\p{M}])(?:\p{L}\.\s?){2,}(?:\p{L}(?![\p{L}\p{M}]))?/gu, (letters) => {
      return ` ${letters.replace(/[.\s]/g, '')} `;
    })
    // `EMIs` is no word `Is` behind `EM`.
    .replace(/(\p{Lu}{2,})s(?!\p{L})/gu, '$1S')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .replace(/['’]s\b/g, '')
    .replace(/#/g, ' number ')
    .replace(/%/g, ' percent ')
    .replace(/₹/g, ' rs ')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .replace(/(\p{L}\p{M}*)(\p{N})/gu, '$1 $2')
    .replace(/(\p{N})(\p{L})/gu, '$1 $2')
    .trim();
  const joined = compounded(spaced);
  const written = joined.split(' ').map((word) => (Object.hasOwn(abbreviations, word) ? abbreviations[word] : word));
  return compounded(written.join(' '))
    .split(' ')
    .filter((word) => word !== '' && !noise.has(word));
}

function compounded(text: string): string {
  let padded = ` ${text} `;
  for (const [phrase, word] of compounds) padded = padded.replaceAll(` ${phrase} `, ` ${word} `);
  return padded.trim();
}
