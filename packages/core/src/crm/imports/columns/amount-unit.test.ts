import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multiplyDecimals, parseAmount } from '../../../foundation/kernel/index.js';
import { unitOfWords, withUnit } from './amount-unit.js';
import { headingWords } from './heading-words.js';

const rupeesOf = { thousand: '1000', lakh: '100000', million: '1000000', crore: '10000000' } as const;
const unit = fc.constantFrom('thousand', 'lakh', 'million', 'crore');

describe('a number with the unit of its column', () => {
  it('is so many of the unit, however it is written', () => {
    const written = fc
      .tuple(
        fc.integer({ min: 0, max: 9999 }),
        fc.integer({ min: 0, max: 99 }),
        fc.constantFrom('', 'Rs. ', '₹', 'INR '),
      )
      .map(([whole, hundredths, mark]) => ({
        text: `${mark}${whole}.${String(hundredths).padStart(2, '0')}`,
        paise: String(whole * 100 + hundredths),
      }));
    fc.assert(
      fc.property(written, unit, ({ text, paise }, each) => {
        expect(String(parseAmount(withUnit(text, each)))).toBe(multiplyDecimals(paise, rupeesOf[each]));
      }),
    );
  });

  it('is counted once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), unit, (count, each) => {
        const once = withUnit(String(count), each);
        expect(withUnit(once, each)).toBe(once);
      }),
    );
  });
});

describe('the unit that a heading names', () => {
  it.each([
    ['Loan Amt (in lakhs)', 'lakh'],
    ["Income (Rs. '000)", 'thousand'],
    ['Turnover in Cr.', 'crore'],
    ['Amt (Rs.)', null],
    ['Amount (lakhs / crores)', null],
    ['Black listed', null],
  ])('%s: %s', (heading, named) => {
    const { outside, inside } = headingWords(heading);
    expect(unitOfWords([...outside, ...inside])).toBe(named);
  });
});
