import { describe, expect, it } from 'vitest';
import type { FieldDefinition } from '../field-definition.js';
import { context, employment, expectTaken, field, parse, refusalOf, typeOf } from './test-support.js';

/** What a cell's text means, field by field: value, or the beginning of the reason why it has none. */
type Meaning = readonly [typed: string, means: unknown];
const rupees = (amount: number): object => ({ amountPaise: Math.round(amount * 100) });

const taken: Readonly<Record<string, { readonly definition: FieldDefinition; readonly meanings: readonly Meaning[] }>> =
  {
    'lakh, crore and k': {
      definition: field('money'),
      meanings: [
        ['5 lakh', rupees(500_000)],
        ['5 lacs', rupees(500_000)],
        ['5L', rupees(500_000)],
        ['2.5 Lakhs', rupees(250_000)],
        ['1.25 Cr.', rupees(12_500_000)],
        ['1.2 crore', rupees(12_000_000)],
        ['50k', rupees(50_000)],
        ['75 thousand', rupees(75_000)],
        ['₹ 7.5 L', rupees(750_000)],
        ['₹5Lakh', rupees(500_000)],
        ['Rs.5 lakh/-', rupees(500_000)],
        ['5 lakhs only', rupees(500_000)],
        ['५ लाख रुपये', rupees(500_000)],
        ['१.५ करोड़', rupees(15_000_000)],
      ],
    },
    'Indian grouping, and ours': {
      definition: field('money'),
      meanings: [
        ['5,00,000', rupees(500_000)],
        ['500,000', rupees(500_000)],
        ['5 00 000', rupees(500_000)],
        ['5,00,000.50', rupees(500_000.5)],
        ['Rs. 75,000/-', rupees(75_000)],
        ['Rs. 75,000/- Only', rupees(75_000)],
        ['INR 5,00,000', rupees(500_000)],
        ['5,00,000.00/-', rupees(500_000)],
        ['५,००,०००', rupees(500_000)],
        ['௫௦௦௦', rupees(5000)],
        ['\u200b 5,00,000\u00a0', rupees(500_000)],
      ],
    },
    'phones in any spelling': {
      definition: field('phone'),
      meanings: [
        '9876543210',
        '98765 43210',
        '98765-43210',
        '98765.43210',
        '098765 43210',
        '91 98765 43210',
        '+91-98765-43210',
        '+91 (0) 98765 43210',
        '0091-9876543210',
        '(+91) 98765 43210',
        '98765\u00a043210',
        '98765\u200b43210',
        '\u202a9876543210\u202c',
        '9876543210.0',
        '9876543210.00',
        '९८७६५४३२१०',
        '９８７６５４３２１０',
        '௯௮௭௬௫௪௩௨௧௦',
      ].map((typed): Meaning => [typed, '+919876543210']),
    },
    PANs: {
      definition: field('pan'),
      meanings: ['ABCPE1234F', 'abcpe1234f', 'ABCPE 1234 F', 'ABCPE-1234-F', ' ABCPE1234F\u200b', 'ABCPE१२३४F'].map(
        (typed): Meaning => [typed, 'ABCPE1234F'],
      ),
    },
    pincodes: {
      definition: field('pincode'),
      meanings: ['400053', '400 053', '400-053', '400053.0', '400053.00', '४०००५३', ' 400053 '].map(
        (typed): Meaning => [typed, '400053'],
      ),
    },
    'enum synonyms': {
      definition: field('enum', employment),
      meanings: [
        ['SALARIED', 'salaried'],
        ['Sal.', 'salaried'],
        ['नौकरी', 'salaried'],
        ['Self Employed', 'self-employed'],
        ['self_employed', 'self-employed'],
        ['pensioner', 'retired'],
      ],
    },
    'dates, day first': {
      definition: field('date'),
      meanings: [
        ['31/01/2024', '2024-01-31'],
        ['1/2/24', '2024-02-01'],
        ['31.01.2024', '2024-01-31'],
        ['31-Jan-24', '2024-01-31'],
        ['31 January, 2024', '2024-01-31'],
        ['Jan 31, 2024', '2024-01-31'],
        ['31 जनवरी 2024', '2024-01-31'],
        ['३१/०१/२०२४', '2024-01-31'],
        ['2024-01-31', '2024-01-31'],
        ['2024-01-31 00:00:00', '2024-01-31'],
        ['31/01/2024 0:00', '2024-01-31'],
        ['31/01/2024 12:00:00 AM', '2024-01-31'],
        ['29/02/2024', '2024-02-29'],
        ['1-2-49', '2049-02-01'],
        ['1-2-50', '1950-02-01'],
      ],
    },
    'texts of any script': {
      definition: field('text'),
      meanings: [
        ['  Asha\u00a0\u00a0Rao ', 'Asha Rao'],
        ['\ufeffAsha\u200b', 'Asha'],
        ['आशा राव 🙂', 'आशा राव 🙂'],
        ['श्री க்ஷ ક્ષ 😀👍🏽', 'श्री க்ஷ ક્ષ 😀👍🏽'],
        ['👩‍👩‍👧 and 🏳️‍🌈', '👩‍👩‍👧 and 🏳️‍🌈'],
        ['क्‍ष', 'क्‍ष'],
        ['E5', 'E5'],
        ['2E10', '2E10'],
      ],
    },
  };

describe.each(Object.entries(taken))('%s', (_what, { definition, meanings }) => {
  it.each(meanings)('%j', (typed, means) => {
    const reading = parse(definition, typed);
    expect(reading).toMatchObject({ ok: true, value: means });
    // What is kept as typed means the same when it is read again.
    const entered = reading.ok && 'entered' in reading ? reading.entered : '';
    expect(parse(definition, entered)).toMatchObject({ value: means });
  });
});

const refused: Readonly<
  Record<string, { readonly definition: FieldDefinition; readonly reasons: readonly [string, RegExp][] }>
> = {
  'what a spreadsheet cut': {
    definition: field('phone'),
    reasons: [
      ['9.87654E+09', /digits a spreadsheet has dropped/],
      ['98765432E2', /not an Indian number/],
    ],
  },
  'amounts cut or doubtful': {
    definition: field('money'),
    reasons: [
      ['9.87654E+09', /digits a spreadsheet has dropped/],
      ['5E+05', /digits a spreadsheet has dropped/],
      ['1,23,45', /grouped in a way/],
      ['12,34', /grouped in a way/],
      ['75.000', /with decimals or with thousands/],
      ['75000.505', /more than 2 decimals/],
      ['-5000', /below the minimum/],
      ['(5000)', /below the minimum/],
      ['$5000', /in USD/],
      ['5-10 lakh', /not an amount/],
      ['5 lakh 50 thousand', /not an amount/],
      ['50,000 per month', /not an amount/],
      ['5m', /not an amount/],
      ['#N/A', /not an amount/],
    ],
  },
  'two numbers in one cell, and none': {
    definition: field('phone'),
    reasons: [
      ['98765 43210 / 91234 56789', /more than one number/],
      ['9876543210,9123456789', /more than one number/],
      ['9876543210 9123456789', /more than one number/],
      ['98765 43210 91234 56789', /more than one number/],
      ['9876543210\n+91 91234 56789', /more than one number/],
      ['98765', /5 digits/],
      ['98765 4321O', /not an Indian number/],
    ],
  },
  'days that do not exist, and no days': {
    definition: field('date'),
    reasons: [
      ['31/02/2024', /no day 31 in 2024-02/],
      ['29/02/2023', /no day 29 in 2023-02/],
      ['01/13/2024', /no month 13 \(read as day first\)/],
      ['45322', /day number of a spreadsheet/],
      ['31 Jan', /not a date/],
      ['1990', /not a date/],
      ['31/01/2024 13:45', /not a date/],
    ],
  },
  'texts that are none': {
    definition: field('text'),
    reasons: [
      ['9.87654E+09', /digits a spreadsheet has dropped/],
      ['1.23457E+15', /digits a spreadsheet has dropped/],
    ],
  },
};

describe.each(Object.entries(refused))('refused: %s', (_what, { definition, reasons }) => {
  it.each(reasons)('%j', (typed, reason) => {
    const { message, expected } = refusalOf(definition, typed);
    expect(message).toMatch(reason);
    expect(expected).not.toBe('');
  });
});

describe('the order of dates', () => {
  it('is that of the field where it has one of its own', () => {
    const mixed = { ...context, dateOrderOf: { subject: 'mdy' as const } };
    const other = { ...field('date'), key: 'other' };
    expect(parse(field('date'), '01/02/2024', mixed)).toMatchObject({ value: '2024-01-02' });
    expect(parse(field('date-time'), '01/02/2024 10:00', mixed)).toMatchObject({ value: '2024-01-02T04:30:00.000Z' });
    expect(parse(other, '01/02/2024', mixed)).toMatchObject({ value: '2024-02-01' });
    expect(refusalOf(field('date'), '31/01/2024', mixed).expected).toContain('01/31/2026');
  });

  it('of a file never changes what a bound of the definition means', () => {
    const bounded = field('date', { validation: { max: '31/12/2029' } });
    const american = { ...context, dateOrder: 'mdy' as const };
    expect(refusalOf(bounded, '12/31/2030', american).expected).toBe('not after 2029-12-31');
    expect(typeOf(bounded).validate('2029-12-31', bounded, american)).toEqual([]);
    expectTaken(bounded, '31/12/2029', '2029-12-31');
  });
});
