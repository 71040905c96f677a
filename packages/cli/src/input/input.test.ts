import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userIdOf } from '../actor.js';
import { parseAssignments } from './assignments.js';
import { confirm } from './confirm.js';
import { exportFormatOf } from './export-format.js';
import { readJsonObject } from './json-object.js';
import { nameOfNewFile } from './new-file.js';
import { wholeNumber } from './whole-number.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-input-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('--set key=value', () => {
  it('splits at the first equals sign and keeps the rest', () => {
    expect(parseAssignments(['note=a=b', ' name = Asha Rao '], '--set')).toEqual({ note: 'a=b', name: 'Asha Rao' });
    expect(parseAssignments(['city='], '--set')).toEqual({ city: '' });
  });

  it('keeps hostile keys as keys', () => {
    const assignments = parseAssignments(['__proto__=x', 'constructor=y'], '--set');
    expect(Object.keys(assignments)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(assignments)).toBe(Object.prototype);
  });

  it.each([[['name']], [['=x']], [['a=1', 'a=2']]])('refuses %o', (texts) => {
    expect(() => parseAssignments(texts, '--set')).toThrow(expect.objectContaining({ code: 'USAGE_INVALID' }));
  });
});

describe('--fields FILE', () => {
  it('reads one object, hostile keys as keys', async () => {
    const file = join(folder, 'fields.json');
    await writeFile(file, '\uFEFF{"name":"आशा","__proto__":{"$gt":""}}');
    const fields = await readJsonObject(file);
    expect(Object.keys(fields)).toEqual(['name', '__proto__']);
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
  });

  it.each(['[1]', '"text"', 'null', '{'])('refuses %s without repeating it', async (content) => {
    const file = join(folder, 'bad.json');
    await writeFile(file, content);
    await expect(readJsonObject(file)).rejects.toMatchObject({ code: 'INPUT_INVALID', path: file });
  });

  it('refuses what is missing or larger than 10 MiB', async () => {
    await expect(readJsonObject(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const file = join(folder, 'large.json');
    await writeFile(file, `{"a":"${'x'.repeat(10 * 1024 * 1024)}"}`);
    await expect(readJsonObject(file)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });
});

describe('whole numbers', () => {
  it('are refused outside their bounds and in any other form', () => {
    const limit = wholeNumber(1, 200);
    expect(limit('200')).toBe(200);
    for (const text of ['0', '201', '1.5', '1e2', '-1', '', 'ten']) expect(() => limit(text), text).toThrow();
  });
});

describe('confirmation', () => {
  const signal = new AbortController().signal;

  it('is given by --yes, and needed where nobody can be asked', async () => {
    await confirm({ question: 'Delete?', yes: true, mayAsk: false, signal });
    await expect(confirm({ question: 'Delete?', yes: false, mayAsk: false, signal })).rejects.toMatchObject({
      code: 'USAGE_INVALID',
      message: expect.stringContaining('--yes'),
    });
  });
});

describe('the user id of an operating-system user', () => {
  it.each([
    ['asha', 'asha'],
    ['DOMAIN\\Asha Rao', 'asha-rao'],
    ['asha.rao@example.com', 'asha-rao-example-com'],
    ['1001', '1001'],
    ['आशा', 'user'],
  ])('%s is %s', (name, id) => {
    expect(userIdOf(name)).toBe(id);
  });
});

describe('the file of an export', () => {
  it.each([
    [undefined, null, 'csv'],
    [undefined, 'out', 'csv'],
    [undefined, 'out.TSV', 'csv'],
    [undefined, 'out.jsonl', 'ndjson'],
    ['ndjson', 'out.txt', 'ndjson'],
    ['xlsx', 'out.backup', 'xlsx'],
    ['xlsx', null, 'xlsx'],
  ])('with --format %s and the name %s holds %s', (flag, file, format) => {
    expect(exportFormatOf(flag, file)).toBe(format);
  });

  it.each([
    ['csv', 'out.xlsx', '--format'],
    ['xlsx', 'out.csv', '--format'],
    ['xls', 'out.xls', '--format'],
    [undefined, 'out.xls', 'file'],
  ])('with --format %s and the name %s is refused', (flag, file, path) => {
    expect(() => exportFormatOf(flag, file)).toThrow(expect.objectContaining({ code: 'USAGE_INVALID', path }));
  });

  it('has a name that is no folder', () => {
    const options = { place: 'file', example: 'leads.csv' };
    expect(nameOfNewFile('out/leads.csv', options)).toBe('out/leads.csv');
    for (const text of ['', ' ', 'out/', 'out\\']) {
      expect(() => nameOfNewFile(text, options)).toThrow(expect.objectContaining({ code: 'USAGE_INVALID' }));
    }
  });
});
