import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { bar } from './bar.js';
import { formatFor } from './format.js';
import { outputTo } from './output.js';
import { printable, printableLines } from './printable.js';
import { progressOn } from './progress.js';
import { styleFor } from './style.js';
import { table } from './table.js';
import { pad, shorten, textWidth } from './text-width.js';

const plain = styleFor(false, {});

describe('printable', () => {
  it('shows terminal escapes, bells and direction overrides as marks, so that a name cannot drive the terminal', () => {
    expect(printable('\u001B[2JAsha\u0007 \u202Eoar')).toBe('\uFFFD[2JAsha\uFFFD \uFFFDoar');
  });

  it('keeps one line one line', () => {
    expect(printable('first\r\nsecond\tthird')).toBe('first second\uFFFDthird');
    expect(printableLines('first\r\nsec\u001Bond')).toEqual(['first', 'sec\uFFFDond']);
  });

  it('leaves Devanagari with its joiners, emoji and rupee signs alone', () => {
    for (const text of ['आशा क्ष', 'क्\u200Dष', '👩‍💼 ₹5,00,000']) expect(printable(text)).toBe(text);
  });
});

describe('text width', () => {
  it.each([
    ['Asha', 4],
    ['क', 1],
    ['日本', 4],
    ['👩‍💼', 2],
    ['₹5,00,000', 9],
  ])('%s takes %i columns', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  it('cuts between characters, never inside one, and says so', () => {
    expect(shorten('Asha Rao', 20)).toBe('Asha Rao');
    expect(shorten('Asha Rao', 7)).toBe('Asha R…');
    expect(shorten('日本語', 4)).toBe('日…');
    expect(shorten('👩‍💼👩‍💼', 3)).toBe('👩‍💼…');
    expect(shorten('Asha', 0)).toBe('');
  });

  it('fills up by columns, not by characters', () => {
    expect(pad('日本', 6)).toBe('日本  ');
    expect(pad('5', 3, 'right')).toBe('  5');
    expect(pad('longer', 3)).toBe('longer');
  });
});

describe('table', () => {
  const rows = [
    { name: 'आशा', amount: '5,00,000' },
    { name: 'Ravi Kumar Subramaniam', amount: '75,000' },
  ];
  const columns = [
    { heading: 'Name', cell: (row: (typeof rows)[number]) => row.name, minimum: 6 },
    { heading: 'Amount', cell: (row: (typeof rows)[number]) => row.amount, align: 'right' as const },
  ];

  it('aligns columns by what they take on the screen', () => {
    const lines = table(rows, columns, { width: Number.POSITIVE_INFINITY, style: plain }).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[2]).toBe('Ravi Kumar Subramaniam    75,000');
    expect(new Set(lines.map(textWidth))).toEqual(new Set([32]));
  });

  it('narrows the columns that may be, to the width of the terminal, and cuts nothing else', () => {
    const lines = table(rows, columns, { width: 20, style: plain }).split('\n');
    expect(lines[2]).toBe('Ravi Kuma…    75,000');
    expect(table(rows, columns, { width: 4, style: plain }).split('\n')[2]).toBe('Ravi…     75,000');
  });

  it('prints no escape of its own data', () => {
    expect(table([{ name: '\u001B[31mred', amount: '' }], columns, { width: 80, style: plain })).not.toContain(
      '\u001B',
    );
  });
});

describe('style', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { TERM: 'dumb' }, false],
    [false, { FORCE_COLOR: '1' }, true],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('terminal %s with %o is coloured: %s', (isTerminal, environment, coloured) => {
    const style = styleFor(isTerminal, environment);
    expect(style.red('x') !== 'x').toBe(coloured);
    expect(style.hex('#2563eb', 'x') !== 'x').toBe(coloured);
  });

  it('prints the text alone where a colour is not one', () => {
    expect(styleFor(true, {}).hex('blue', 'x')).toBe('x');
  });
});

describe('bar', () => {
  it('is exact to an eighth of a column, full at one, empty only at zero', () => {
    expect(bar(1, 4)).toBe('████');
    expect(bar(0.5, 4)).toBe('██');
    expect(bar(0.53, 4)).toBe('██▏');
    expect(bar(0.0001, 4)).toBe('▏');
    expect(bar(0, 4)).toBe('');
    expect(bar(7, 4)).toBe('████');
  });
});

describe('progress', () => {
  it('writes nothing where there is no terminal', () => {
    const stream = new PassThrough();
    const progress = progressOn(stream, false);
    progress.show('half');
    progress.clear();
    expect(stream.read()).toBeNull();
  });

  it('writes over one line, at most ten times a second', () => {
    const stream = new PassThrough({ encoding: 'utf8' });
    let now = 0;
    const progress = progressOn(stream, true, () => now);
    progress.show('one');
    now = 50;
    progress.show('two');
    now = 150;
    progress.show('three');
    expect(stream.read()).toBe('\r\u001B[2Kone\r\u001B[2Kthree');
  });
});

describe('output', () => {
  function recorded(options: { json: boolean; quiet: boolean }, environment: NodeJS.ProcessEnv = {}) {
    const stdout = new PassThrough({ encoding: 'utf8' });
    const stderr = new PassThrough({ encoding: 'utf8' });
    return { stdout, stderr, output: outputTo({ stdout, stderr, environment }, options) };
  }

  it('sends answers to stdout and messages to stderr', () => {
    const { stdout, stderr, output } = recorded({ json: false, quiet: false });
    output.answer({ number: 1 }, () => 'one');
    output.say('Next: two');
    expect(stdout.read()).toBe('one\n');
    expect(stderr.read()).toBe('Next: two\n');
  });

  it('answers JSON when asked, without chatter', () => {
    const { stdout, stderr, output } = recorded({ json: true, quiet: false });
    output.answer({ number: 1 }, () => 'one');
    output.say('Next: two');
    output.warn('half of it failed');
    expect(JSON.parse(String(stdout.read()))).toEqual({ number: 1 });
    expect(stderr.read()).toBe('half of it failed\n');
  });

  it('says nothing when told to be quiet', () => {
    const { stderr, output } = recorded({ json: false, quiet: true });
    output.say('Next: two');
    output.warn('half of it failed');
    expect(stderr.read()).toBeNull();
  });

  it('cuts nothing where the answer goes to a file, and obeys COLUMNS', () => {
    expect(recorded({ json: false, quiet: false }).output.width).toBe(Number.POSITIVE_INFINITY);
    expect(recorded({ json: false, quiet: false }, { COLUMNS: '60' }).output.width).toBe(60);
  });
});

describe('format', () => {
  const format = formatFor({ currency: 'INR', timeZone: 'Asia/Kolkata' });

  it('prints amounts with Indian grouping and times in the business time zone', () => {
    expect(format.amount(50_000_000)).toBe('₹5,00,000');
    expect(format.shortAmount(25_000_000)).toBe('₹2.5 L');
    expect(format.amount(null)).toBe('');
    expect(format.time('2026-01-31T20:30:00.000Z')).toBe('2026-02-01 02:00');
    expect(format.time(null)).toBe('');
  });
});
