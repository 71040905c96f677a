import type { ImportResult } from '@lms/core';
import { describe, expect, it } from 'vitest';
import { importAdvice } from './import-advice.js';

const result: ImportResult = {
  runId: 'run',
  dryRun: false,
  status: 'stopped',
  counts: { rows: 1, created: 0, updated: 0, duplicates: 0, rejected: 1 },
  reasons: {},
  firstRejects: [],
  firstDuplicates: [],
  productLine: 'personal-loan',
  schemaVersion: 1,
  fileName: 'leads.csv',
  fileSha256: '00',
  form: { format: 'csv', delimiter: ',', encoding: 'utf-8' },
  notes: [],
  sheet: '',
  headerRow: 1,
  columns: [],
  unmatched: [],
  missing: [],
  consents: [],
  contactBlocks: [],
  emptied: [],
  rejectFile: '/leads/refused.csv',
  previousRuns: [],
  elapsedMillis: 1,
};

const named = ['import', 'leads.csv', '--rejects', 'refused.csv'];

/** What it says after an import whose refused rows were to go into `refused.csv`. */
function said(of: Partial<ImportResult>, words: readonly string[] = named): string {
  const session = { commandLine: words, options: { input: true } };
  const chosen = { options: { rejects: 'refused.csv' }, chosen: null, rejectFile: '/leads/refused.csv' };
  return [...importAdvice({ ...result, ...of }, session, chosen)].join('\n');
}

describe('how to go on', () => {
  it('replaces the reject file that this run made', () => {
    expect(said({})).toContain('lms import leads.csv --rejects refused.csv --replace');
    expect(said({}, [...named, '--replace'])).toMatch(/--rejects refused\.csv --replace$/);
  });

  it('never replaces a file that somebody else made meanwhile', () => {
    const rejectFile = '/leads/refused-2.csv';
    for (const of of [{ status: 'stopped', rejectFile } as const, { dryRun: true, rejectFile } as const]) {
      for (const words of [named, [...named, '--replace'], ['import', 'leads.csv', '--rejects=refused.csv']]) {
        const advice = said(of, words);
        expect(advice).toContain('Somebody made a file /leads/refused.csv meanwhile');
        expect(advice).toMatch(/lms import leads\.csv .*--rejects \/leads\/refused-2\.csv/);
        expect(advice).not.toMatch(/--rejects[ =]refused\.csv/);
        expect(advice.match(/--replace/g)).toHaveLength(1);
      }
    }
  });
});
