import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newStore } from '../../../test-support/store.js';
import { cleanLines, cleanText, type ExportRequest, isErrorMark, type ProductLineDefinition } from '../../index.js';
import { sqlite } from '../../storage/sqlite.js';

const options = [
  { value: 'yes', label: 'Yes, please' },
  { value: 'formula', label: '=SUM(A1)' },
  { value: 'plus', label: '+ more' },
  { value: 'hindi', label: 'वेतनभोगी' },
];

/** A line with a field of every kind; some labels are another field's key, or look like a formula. */
const line = {
  slug: 'everything',
  name: 'Everything',
  roles: { name: 'name', phone: 'mobile' },
  unique: [],
  index: [],
  fields: [
    { key: 'name', label: 'Full name', type: 'text', required: true },
    { key: 'mobile', label: 'Mobile', type: 'phone', required: true },
    { key: 'nickname', label: '=Nickname', type: 'text' },
    { key: 'remarks', label: 'Remarks', type: 'long-text' },
    { key: 'children', label: 'Children', type: 'integer', validation: { min: -1_000_000 } },
    { key: 'ratio', label: 'Ratio', type: 'decimal', validation: { min: '-1000000' } },
    { key: 'income', label: 'Income', type: 'money', validation: { min: '-100 crore' } },
    { key: 'rate', label: 'Rate', type: 'percent' },
    { key: 'owned', label: 'Owns a house', type: 'boolean' },
    { key: 'born', label: 'Born', type: 'date' },
    { key: 'metAt', label: 'Met at', type: 'date-time' },
    { key: 'kind', label: 'Kind', type: 'enum', options },
    { key: 'wishes', label: 'Wishes', type: 'multi-enum', options },
    { key: 'home', label: 'Home', type: 'address' },
    { key: 'pin', label: 'PIN code', type: 'pincode' },
    { key: 'aadhaar', label: 'Aadhaar', type: 'aadhaar' },
    { key: 'stageName', label: 'Stage name', type: 'text' },
  ],
  pipeline: {
    stages: [
      { slug: 'new', name: 'New', next: ['won'] },
      { slug: 'won', name: 'Won', terminal: 'won' },
    ],
  },
} as const satisfies Partial<ProductLineDefinition> & Record<string, unknown>;

const piece = fc.constantFrom(
  '=1+1',
  '+',
  '-',
  '@',
  '＝1',
  '＠',
  "'",
  "''",
  '"',
  '""',
  ',',
  ';',
  '\t',
  '|',
  '#N/A',
  '#',
  '_x0041_',
  '_x005F_',
  '&amp;',
  '<t>',
  ']]>',
  '🙂',
  'क्‍ष',
  '0',
  '00123',
  '1e5',
  'é',
  'NULL',
  'true',
  '\\',
  '%',
  ' ',
  'a',
);
/** An import refuses, and never changes, what a spreadsheet shows for a failed formula and what a reject file shows for a NUL. */
const isReadBack = (text: string): boolean => text !== '' && !isErrorMark(text) && !text.includes('\u2400');
const nasty = fc
  .oneof(
    fc.array(piece, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
  )
  .map(cleanText)
  .filter(isReadBack);
const lines = fc
  .array(fc.oneof(nasty, fc.constant('')), { minLength: 1, maxLength: 4 })
  .map((parts) => cleanLines(parts.join('\n')))
  .filter(isReadBack);
const day = (from: string, to: string) =>
  fc.date({ min: new Date(from), max: new Date(to), noInvalidDate: true }).map((date) => date.toISOString());
const some = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined });
const decimals = fc
  .tuple(fc.integer({ min: -999_999, max: 999_999 }), fc.nat(999_999_999))
  .map(([whole, part]) => `${whole}.${part}`);

const person = fc.record({
  name: nasty,
  nickname: some(nasty),
  remarks: some(lines),
  children: some(fc.integer({ min: -1_000_000, max: 1_000_000 })),
  ratio: some(decimals),
  income: some(
    fc
      .oneof(fc.integer({ min: -1e11, max: 1e15 }), fc.constant(Number.MAX_SAFE_INTEGER))
      .map((amountPaise) => ({ amountPaise })),
  ),
  rate: some(
    fc.oneof(
      fc.constantFrom('0', '100', '10.55', '0.07'),
      decimals.map((text) => text.replace('-', '')),
    ),
  ),
  owned: some(fc.boolean()),
  born: some(day('1800-01-01', '2199-12-31').map((text) => text.slice(0, 10))),
  metAt: some(
    fc.oneof(
      day('1900-01-02', '2199-12-30'),
      day('1990-01-01', '2030-01-01').map((text) => text.replace(/\.\d+Z/, '.000Z')),
    ),
  ),
  kind: some(fc.constantFrom(...options.map(({ value }) => value))),
  wishes: some(
    fc.subarray(
      options.map(({ value }) => value),
      { minLength: 1 },
    ),
  ),
  home: some(
    fc.record({
      line1: nasty.map((text) => `12 ${text}`.replaceAll('|', '/')),
      city: fc.constantFrom('Pune', 'New Delhi'),
      pincode: fc.constantFrom('411014', '110019'),
    }),
  ),
  pin: some(fc.constantFrom('411014', '560034')),
  aadhaar: some(fc.constant({ last4: '2346' })),
  stageName: some(nasty),
});

const forms: readonly Pick<ExportRequest, 'format' | 'headings' | 'options' | 'delimiter'>[] = [
  { format: 'csv' },
  { format: 'csv', delimiter: ';', headings: 'key', options: 'values' },
  { format: 'csv', delimiter: '\t' },
  { format: 'xlsx' },
  { format: 'xlsx', headings: 'key', options: 'values' },
  { format: 'ndjson' },
  { format: 'ndjson', headings: 'label' },
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-round-trip-'));
});
afterAll(() => rm(folder, { recursive: true }));

let made = 0;
async function emptyStore() {
  made += 1;
  const store = await newStore(sqlite({ file: join(folder, `${made}.db`) }));
  await store.admin.schemas.publish(line);
  return store;
}

async function valuesByMobile(store: Awaited<ReturnType<typeof emptyStore>>): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for await (const lead of store.admin.leads.list({ productLine: line.slug })) found[lead.phone ?? ''] = lead.values;
  return found;
}

it.each(forms)(
  'an export as %j, imported into an empty store, gives the same values',
  async (form) => {
    await fc.assert(
      fc.asyncProperty(fc.array(person, { minLength: 1, maxLength: 25 }), async (people) => {
        const from = await emptyStore();
        const items = people.map((fields, at) => ({
          lead: { productLine: line.slug, fields: { ...fields, mobile: `+9198200${String(10_000 + at)}` } },
        }));
        const outcomes = await from.admin.leads.createMany(items);
        expect(outcomes.filter(({ kind }) => kind !== 'created')).toEqual([]);
        const file = join(folder, `${made}.${form.format}`);
        await from.admin.leads.export({ filter: { productLine: line.slug }, ...form, to: { file } });

        const into = await emptyStore();
        const result = await into.admin.imports.run({ file, productLine: line.slug });
        expect(result.firstRejects).toEqual([]);
        expect(result.counts).toMatchObject({ rows: people.length, created: people.length });
        expect(await valuesByMobile(into)).toEqual(await valuesByMobile(from));
        await Promise.all([from.lms.close(), into.lms.close()]);
      }),
      { numRuns: 8 },
    );
  },
  120_000,
);
