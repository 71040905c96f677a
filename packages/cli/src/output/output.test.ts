import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { bar } from './bar.js';
import { commandLine } from './command-line.js';
import { formatFor } from './format.js';
import { outputTo } from './output.js';
import { printable, printableLines } from './printable.js';

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

  it('says nothing that drives the terminal', () => {
    const { stderr, output } = recorded({ json: false, quiet: false });
    output.say(`Correct a\u001B[2J.csv\nNext: ${commandLine(['lms', 'import', "it's a\u001B[2J\u202E.csv"])}`);
    expect(stderr.read()).toBe("Correct a\uFFFD[2J.csv\nNext: lms import $'it\\'s a\\x1b[2J\\u202e.csv'\n");
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

  it('cuts nothing where the answer goes to a file, whatever COLUMNS says; what is drawn obeys it', () => {
    expect(recorded({ json: false, quiet: false }).output).toMatchObject({
      width: Number.POSITIVE_INFINITY,
      pageWidth: 120,
    });
    expect(recorded({ json: false, quiet: false }, { COLUMNS: '60' }).output).toMatchObject({
      width: Number.POSITIVE_INFINITY,
      pageWidth: 60,
    });
  });

  it.each([
    [{ columns: 97 }, {}, 97],
    [{ columns: 97 }, { COLUMNS: '60' }, 60],
    [{ columns: 97 }, { COLUMNS: 'wide' }, 97],
    [{ columns: 3 }, {}, 20],
    [{}, {}, 80],
  ])('fits a terminal %o with %o: %i columns', (terminal, environment, width) => {
    const stdout = Object.assign(new PassThrough(), { isTTY: true, ...terminal });
    const output = outputTo({ stdout, stderr: new PassThrough(), environment }, { json: false, quiet: false });
    expect(output).toMatchObject({ width, pageWidth: width });
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
