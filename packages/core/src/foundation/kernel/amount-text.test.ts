import { describe, expect, it } from 'vitest';
import { amountFromNumber, type ParseAmountOptions, parseAmount } from './amount-text.js';
import { type ErrorCode, errorCodes } from './error-codes.js';
import { LmsError } from './errors.js';

function refusal(read: () => number): { readonly code: ErrorCode; readonly message: string } {
  try {
    const amount = read();
    throw new Error(`taken as ${amount}`);
  } catch (error) {
    if (!LmsError.isInstance(error)) throw error;
    return { code: error.code, message: error.message };
  }
}

describe('amounts as people in India type them', () => {
  it.each([
    ['5,00,000', 50_000_000],
    ['500,000', 50_000_000],
    ['5 00 000', 50_000_000],
    ['500000', 50_000_000],
    ['₹5,00,000.00', 50_000_000],
    ['₹ 2.5 lakh', 25_000_000],
    ['2.5 lac', 25_000_000],
    ['2.5lacs', 25_000_000],
    ['3L', 30_000_000],
    ['3 l', 30_000_000],
    ['INR 5 lakhs', 50_000_000],
    ['5 lakhs INR', 50_000_000],
    ['1.2 cr', 1_200_000_000],
    ['1.2 Crore', 1_200_000_000],
    ['Rs 1.25 Cr.', 1_250_000_000],
    ['1,000 crores', 1_000_000_000_000],
    ['50k', 5_000_000],
    ['50 thousand', 5_000_000],
    ['2 million', 200_000_000],
    ['Rs. 75,000/-', 7_500_000],
    ['Rs.75000/=', 7_500_000],
    ['rs 75,000 only', 7_500_000],
    ['Rs. 75,000/- only', 7_500_000],
    ['75000 rupees', 7_500_000],
    ['75000 ₹', 7_500_000],
    ['10,000.50', 1_000_050],
    ['10,000.5', 1_000_050],
    ['.5', 50],
    ['0', 0],
    ['-0', 0],
    ['10.5000', 1050],
    ['०', 0],
    ['५,००,०००', 50_000_000],
    ['₹ ५ लाख', 50_000_000],
    ['२.५ करोड़', 2_500_000_000],
    ['௫௦௦௦', 500_000],
    ['  ₹\u00a05,00,000\u200b ', 50_000_000],
    ['+500', 50_000],
    ['1,00,00,000', 1_000_000_000],
    ['9,00,71,99,25,47,409.91', Number.MAX_SAFE_INTEGER],
  ])('%j', (text, minor) => {
    expect(parseAmount(text)).toBe(minor);
  });

  it.each([
    [''],
    [' '],
    ['abc'],
    ['five lakh'],
    ['1,2,3'],
    ['5,0000'],
    ['50,00'],
    ['0,500'],
    ['5,00 000'],
    ['5,,000'],
    ['5 lakh 20k'],
    ['5 lakh crore'],
    ['5-10 lakh'],
    ['5 lpa'],
    ['5m'],
    ['12,50'],
    ['1.2.3'],
    ['500.'],
    ['₹'],
    ['/-'],
    ['lakh'],
    ['9.87654E+09'],
    ['1e5'],
    ['0x10'],
    ['NaN'],
    ['=1+1'],
    ['__proto__'],
    ['5 constructor'],
    ['5 toString'],
  ])('refuses %j and says what it expects', (text) => {
    const { code, message } = refusal(() => parseAmount(text));
    expect(code).toBe('AMOUNT_INVALID');
    expect(message).toContain(JSON.stringify(text));
    expect(message).toMatch(/expected|grouped/);
  });

  it('refuses half a paisa and names the currency', () => {
    expect(refusal(() => parseAmount('10.005')).message).toMatch(/more than 2 decimals; INR/);
    expect(parseAmount('0.00001 lakh')).toBe(100);
    expect(refusal(() => parseAmount('0.00000001 lakh')).code).toBe('AMOUNT_INVALID');
  });

  it('refuses what two people read as two amounts, unless told how to read it', () => {
    expect(refusal(() => parseAmount('1.500')).message).toMatch(/decimals or with thousands/);
    expect(parseAmount('1.500', { ambiguous: 'point-is-decimal' })).toBe(150);
    expect(parseAmount('1.500 lakh')).toBe(15_000_000);
    expect(parseAmount('0.500')).toBe(50);
  });

  it('takes a negative only when asked', () => {
    for (const text of ['-500', '₹-500', '-₹ 500', '(500)', '−500', 'Rs. -500/-']) {
      expect(refusal(() => parseAmount(text)).message, text).toMatch(/negative/);
      expect(parseAmount(text, { allowNegative: true }), text).toBe(-50_000);
    }
  });

  it('refuses another currency by name', () => {
    expect(refusal(() => parseAmount('$500')).message).toMatch(/USD.*INR/);
    expect(refusal(() => parseAmount('USD 500')).message).toMatch(/USD.*INR/);
    expect(refusal(() => parseAmount('₹500', { currency: 'USD' })).message).toMatch(/INR.*USD/);
  });

  it.each<[string, ParseAmountOptions, number]>([
    ['$1,250.75', { currency: 'USD' }, 125_075],
    ['US$ 2.5m', { currency: 'USD' }, 250_000_000],
    ['¥1,500', { currency: 'JPY' }, 1500],
    ['1.500 KD', { currency: 'KWD' }, 1500],
    ['Rs 500', { currency: 'NPR' }, 50_000],
  ])('%j with %j', (text, options, minor) => {
    expect(parseAmount(text, options)).toBe(minor);
  });

  it('refuses what cannot be stored exactly', () => {
    expect(parseAmount('90071992547409.91')).toBe(Number.MAX_SAFE_INTEGER);
    expect(refusal(() => parseAmount('90071992547409.92')).code).toBe('AMOUNT_OUT_OF_RANGE');
    expect(refusal(() => parseAmount('9'.repeat(99))).code).toBe('AMOUNT_OUT_OF_RANGE');
    expect(refusal(() => parseAmount('9'.repeat(1_000_000))).code).toBe('AMOUNT_INVALID');
  });

  it('gives codes that stand in the table', () => {
    expect(errorCodes.AMOUNT_INVALID.category).toBe('input');
    expect(errorCodes.AMOUNT_OUT_OF_RANGE.retryable).toBe(false);
  });
});

describe('an amount from a number', () => {
  it('reads the shortest decimal spelling', () => {
    expect(amountFromNumber(500_000)).toBe(50_000_000);
    expect(amountFromNumber(0.1)).toBe(10);
    expect(amountFromNumber(75_000.5)).toBe(7_500_050);
    expect(amountFromNumber(1.15)).toBe(115);
    expect(amountFromNumber(1.5)).toBe(150);
    expect(amountFromNumber(-1, { allowNegative: true })).toBe(-100);
  });

  it('refuses what is no exact amount', () => {
    expect(refusal(() => amountFromNumber(0.1 + 0.2)).code).toBe('AMOUNT_INVALID');
    expect(refusal(() => amountFromNumber(Number.NaN)).code).toBe('AMOUNT_INVALID');
    expect(refusal(() => amountFromNumber(1e300)).code).toBe('AMOUNT_OUT_OF_RANGE');
    expect(refusal(() => amountFromNumber(1e16)).code).toBe('AMOUNT_OUT_OF_RANGE');
    expect(refusal(() => amountFromNumber(-5)).message).toMatch(/negative/);
  });
});
