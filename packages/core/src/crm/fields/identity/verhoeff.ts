/**
 * The Verhoeff check digit (J. Verhoeff, Error Detecting Decimal Codes, 1969), which Aadhaar numbers carry: it finds every
 * single wrong digit and every swap of two neighbours.
 */

/** The group D5: row times column. */
const product: readonly (readonly number[])[] = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
  [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
  [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
  [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
  [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
  [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
  [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
  [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
  [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
];

/** How a digit is permuted by its place, counted from the right. */
const permutation: readonly (readonly number[])[] = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
  [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
  [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
  [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
  [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
  [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
  [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
];

const inverse: readonly number[] = [0, 4, 3, 2, 1, 5, 6, 7, 8, 9];

/** True when the last of the digits is the right check digit of the others. */
export function verhoeffHolds(digits: string): boolean {
  return /^\d{2,}$/.test(digits) && folded(digits, 0) === 0;
}

/** The check digit to put behind the digits. */
export function verhoeffDigit(digits: string): string {
  return String(inverse[folded(digits, 1)]);
}

function folded(digits: string, firstPlace: number): number {
  let check = 0;
  for (let index = digits.length - 1; index >= 0; index -= 1) {
    const place = digits.length - 1 - index + firstPlace;
    const permuted = permutation[place % 8]?.[Number(digits[index])] ?? 0;
    check = product[check]?.[permuted] ?? 0;
  }
  return check;
}
