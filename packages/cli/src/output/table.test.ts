import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { styleFor } from './style.js';
import { type TableColumn, table } from './table.js';
import { textWidth } from './text-width.js';

const style = styleFor(false, {});

interface Row {
  readonly name: string;
  readonly amount: string;
}

const rows: readonly Row[] = [
  { name: 'आशा', amount: '5,00,000' },
  { name: 'Ravi Kumar Subramaniam', amount: '75,000' },
];
const columns: readonly TableColumn<Row>[] = [
  { heading: 'Name', cell: (row) => row.name, minimum: 6 },
  { heading: 'Amount', cell: (row) => row.amount, align: 'right' },
];
const lines = (width: number, shown = columns): readonly string[] => table(rows, shown, { width, style }).split('\n');

describe('a table', () => {
  it('aligns columns by what they take on the screen, and cuts nothing where there is none', () => {
    const all = lines(Number.POSITIVE_INFINITY);
    expect(all[2]).toBe('Ravi Kumar Subramaniam    75,000');
    expect(new Set(all.map(textWidth))).toEqual(new Set([32]));
  });

  it('narrows the columns that may be, to the width of the terminal, and cuts nothing else', () => {
    expect(lines(20)[2]).toBe('Ravi Kuma…    75,000');
    expect(lines(17)[2]).toBe('Ravi K…    75,000');
  });

  it('narrows what is less important first, however narrow that is already', () => {
    const important: readonly TableColumn<Row>[] = [
      { heading: 'Name', cell: (row) => row.name, minimum: 6, importance: 1 },
      { heading: 'Where', cell: () => 'Maharashtra', minimum: 5 },
    ];
    expect(lines(31, important)[2]).toBe('Ravi Kumar Subramaniam  Mahara…');
    expect(lines(27, important)[2]).toBe('Ravi Kumar Subraman…  Maha…');
  });

  it('leaves out columns where even the narrowest do not fit, the least important first, and names them', () => {
    const four: readonly TableColumn<Row>[] = [
      { heading: 'Number', cell: () => 'LEAD-202601-00001' },
      ...columns,
      { heading: 'Stage', cell: () => 'contacted', importance: 1 },
    ];
    expect(lines(28, four)).toEqual([
      'Number             Stage',
      'LEAD-202601-00001  contacted',
      'LEAD-202601-00001  contacted',
      'Too narrow for: Name, Amount',
      '(a wider window or --json',
      'shows all)',
    ]);
    expect(lines(20, four).slice(0, 2)).toEqual(['Number', 'LEAD-202601-00001']);
  });

  it('lets a long cell go on in the next line where its column says so', () => {
    const wrapping: readonly TableColumn<Row>[] = [
      { heading: 'Amount', cell: (row) => row.amount },
      { heading: 'Name', cell: (row) => row.name, minimum: 8, wraps: true },
    ];
    expect(lines(18, wrapping)).toEqual([
      'Amount    Name',
      '5,00,000  आशा',
      '75,000    Ravi',
      '          Kumar',
      '          Subraman',
      '          iam',
    ]);
  });

  it('prints no escape of its own data', () => {
    expect(table([{ name: '\u001B[31mred', amount: '' }], columns, { width: 80, style })).not.toContain('\u001B');
  });

  it('is never wider than the terminal, unless its first column alone is', () => {
    const column = fc.record({
      heading: fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme-ascii' }),
      text: fc.constantFrom('short', 'a much longer text with words', 'आशा राव', '日本語日本語', '👩‍💼👩‍💼'),
      minimum: fc.option(fc.integer({ min: 4, max: 9 }), { nil: undefined }),
      importance: fc.integer({ min: 0, max: 3 }),
      wraps: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(column, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 40, max: 120 }),
        (made, width) => {
          const printed = table(
            [{}],
            made.map(({ heading, text, minimum, importance, wraps }) => ({
              heading,
              cell: () => text,
              importance,
              ...(minimum === undefined ? {} : { minimum }),
              ...(wraps ? { wraps } : {}),
            })),
            { width, style },
          );
          for (const line of printed.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});
