import type { Dice } from './dice.ts';

/** What a cell of the sample file holds. `percent` and `error` are kinds of cells that only a workbook has. */
export type SampleCell =
  | string
  | number
  | null
  | { readonly date: Date; readonly format: string }
  | { readonly percent: number }
  | { readonly error: '#N/A' };

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const devanagariZero = 0x0966;

/** A mobile number in one of the ways people type it. */
export function spellMobile(mobile: string, dice: Dice): SampleCell {
  const [front, back] = [mobile.slice(0, 5), mobile.slice(5)];
  return dice.pick<SampleCell>([
    Number(mobile),
    mobile,
    `+91 ${front} ${back}`,
    `+91-${mobile}`,
    `0${mobile}`,
    `${front}-${back}`,
    `${front} ${back}`,
    `91${mobile}`,
    `(+91) ${mobile.slice(0, 3)}-${mobile.slice(3, 6)}-${mobile.slice(6)}`,
  ]);
}

/** An amount of whole rupees as a number or as text. */
export function spellAmount(rupees: number, dice: Dice): SampleCell {
  const grouped = groupIndian(rupees);
  const spellings: [SampleCell, ...SampleCell[]] = [
    rupees,
    rupees,
    rupees,
    grouped,
    `₹ ${grouped}`,
    `Rs. ${grouped}/-`,
    `INR ${grouped}`,
  ];
  if (rupees % 10_000 === 0 && rupees >= 100_000) {
    spellings.push(
      `₹ ${rupees / 100_000} lakh`,
      `${rupees / 100_000}L`,
      `${rupees / 100_000} Lac`,
      devanagari(grouped),
    );
  }
  if (rupees % 1_000 === 0 && rupees < 100_000) spellings.push(`${rupees / 1000}k`, `${rupees / 1000}K`);
  return dice.pick(spellings);
}

/** 12,34,567 */
function groupIndian(rupees: number): string {
  return String(rupees).replace(/(\d)(?=(\d\d)+\d$)/g, '$1,');
}

function devanagari(text: string): string {
  return text.replace(/\d/g, (digit) => String.fromCharCode(devanagariZero + Number(digit)));
}

/** A date as a date cell of one of several formats, or as day-first text. */
export function spellDate(date: Date, dice: Dice): SampleCell {
  const day = String(date.getUTCDate()).padStart(2, '0');
  const month = String(date.getUTCMonth() + 1).padStart(2, '0');
  const year = date.getUTCFullYear();
  const name = months[date.getUTCMonth()] ?? '';
  return dice.pick<SampleCell>([
    { date, format: 'dd/mm/yyyy' },
    { date, format: 'dd-mmm-yyyy' },
    { date, format: 'yyyy-mm-dd' },
    `${day}/${month}/${year}`,
    `${day}-${month}-${year}`,
    `${day}.${month}.${year}`,
    `${day}/${month}/${String(year).slice(2)}`,
    `${Number(day)} ${name} ${year}`,
    `${day}-${name}-${year}`,
  ]);
}

/** Blanks and invisible characters that come along when cells are copied from mails and web pages. */
export function untidy(text: string, dice: Dice): string {
  return dice.pick([
    `${text} `,
    `${text}   `,
    ` ${text}`,
    `\u00a0${text}`,
    `${text}\u00a0`,
    `\u200b${text}`,
    text.replace(' ', '  '),
    text.replace(' ', '\u00a0'),
  ]);
}
