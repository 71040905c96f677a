import { describe, expect, it } from 'vitest';
import type { FieldOption } from '../field-definition.js';
import {
  context,
  employment,
  expectTaken,
  field,
  lintOf,
  parse,
  readValue,
  refusalOf,
  typeOf,
} from './test-support.js';

const job = field('enum', employment);
const jobs = field('multi-enum', employment);

describe('an enum', () => {
  it.each([
    ['salaried', 'salaried'],
    ['SALARIED', 'salaried'],
    [' sal ', 'salaried'],
    ['नौकरी', 'salaried'],
    ['Self Employed', 'self-employed'],
    ['self_employed', 'self-employed'],
    ['SELFEMPLOYED', 'self-employed'],
    ['Pensioner', 'retired'],
  ])('%j is %s', (input, value) => {
    expectTaken(job, input, value);
  });

  it('names what it takes, and what was perhaps meant', () => {
    expect(refusalOf(job, 'Plumber')).toEqual({
      rule: 'option',
      message: '"Plumber" is not an option',
      expected: 'one of Salaried, Self-employed or Retired',
    });
    expect(refusalOf(job, 'Salareid').message).toBe('"Salareid" is not an option, perhaps "Salaried"');
    expect(refusalOf(job, 'constructor').rule).toBe('option');
    expect(refusalOf({ ...job, pii: 'identifier' }, 'Plumber').message).not.toContain('Plumber');
  });

  it('names at most eight of many options', () => {
    const many: FieldOption[] = Array.from({ length: 500 }, (_, index) => ({
      value: `city-${index}`,
      label: `City ${index}`,
    }));
    expect(refusalOf(field('enum', { options: many }), 'x').expected).toMatch(
      /^one of City 0, .*City 7 or 492 others$/,
    );
  });

  it('reads a retired option, which an old lead may have, and refuses it as a new value', () => {
    expect(readValue(job, 'Daily wages')).toBe('daily-wages');
    expect(refusalOf(job, 'Daily wages')).toEqual({
      rule: 'option',
      message: '"Daily wages" is no longer offered',
      expected: 'Salaried, Self-employed or Retired',
    });
  });

  it('refuses a value that is no option, as from an old version', () => {
    expect(typeOf(job).validate('gone', job, context)).toMatchObject([{ rule: 'option' }]);
    expect(typeOf(job).validate('SAL', job, context)).toMatchObject([{ rule: 'option' }]);
  });

  it('is printed as its label and typed as its values', () => {
    expect(typeOf(job).print('self-employed', job, context)).toBe('Self-employed');
    expect(typeOf(job).typeScript(job)).toBe("'salaried' | 'self-employed' | 'retired' | 'daily-wages'");
    expect(typeOf(jobs).typeScript(jobs)).toBe("readonly ('salaried' | 'self-employed' | 'retired' | 'daily-wages')[]");
  });

  it.each<[readonly FieldOption[], RegExp]>([
    [[], /no option is offered/],
    [[{ value: 'a', label: 'A', retired: true }], /no option is offered/],
    [
      [
        { value: 'a', label: 'A' },
        { value: 'a', label: 'B' },
      ],
      /"a" is there twice/,
    ],
    [
      [
        { value: 'a', label: 'One' },
        { value: 'b', label: 'one' },
      ],
      /"one" stands for the options "a" and "b"/,
    ],
    [
      [
        { value: 'cat-a', label: 'Best' },
        { value: 'b', label: 'B', synonyms: ['CAT A'] },
      ],
      /"cata" stands for/,
    ],
  ])('cannot be defined with %j', (options, reason) => {
    expect(lintOf(field('enum', { options }))[0]?.message).toMatch(reason);
  });

  it('may name one option in two spellings', () => {
    expect(
      lintOf(field('enum', { options: [{ value: 'male', label: 'Male', synonyms: ['M', 'male', 'MALE'] }] })),
    ).toEqual([]);
  });
});

describe('a multi-enum', () => {
  it.each([
    ['Sal, Pensioner', ['salaried', 'retired']],
    ['retired; sal', ['salaried', 'retired']],
    ['Retired\nSalaried', ['salaried', 'retired']],
    ['sal|sal|SALARIED', ['salaried']],
    ['Business, shop or practice', ['self-employed']],
    [
      ['retired', 'Sal', 'retired'],
      ['salaried', 'retired'],
    ],
    [['Business, shop or practice', ''], ['self-employed']],
  ])('%j', (input, values) => {
    expectTaken(jobs, input, values);
  });

  it('names the one that is no option', () => {
    expect(refusalOf(jobs, 'Salaried, Plumber')).toMatchObject({
      rule: 'option',
      message: '"Salaried, Plumber" names something that is not an option ("Plumber")',
    });
    expect(refusalOf({ ...jobs, pii: 'identifier' }, 'Salaried, Plumber').message).not.toContain('Plumber');
    expect(refusalOf(jobs, ['Salaried', 'Salareid']).message).toMatch(/perhaps "Salaried"/);
    expect(refusalOf(jobs, [{ $gt: 1 }]).message).toMatch(/something other than text/);
    expect(refusalOf(jobs, ',').message).toMatch(/names no option/);
    expect(refusalOf(jobs, new Array(10_001).fill('sal')).message).toMatch(/far too long/);
  });

  it('is empty when its list is', () => {
    expect(parse(jobs, [])).toEqual({ ok: true, empty: true });
    expect(parse(jobs, ['', ' '])).toEqual({ ok: true, empty: true });
  });
});
