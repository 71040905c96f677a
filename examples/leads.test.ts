import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseDefinitionText, type RowReport } from '@lms/core';
import { createTestLms } from '@lms/core/testing';
import { describe, expect, it } from 'vitest';
import { csvSample, type Sample, workbookSample } from '../scripts/demo-data/samples.ts';

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** What the script that made the sample meant by each row, by its number in the file. */
function meant(sample: Sample, rowNumber: (at: number) => number): Map<number, string> {
  return new Map(
    sample.rows.map(({ verdict }, at) => {
      const fields = verdict.kind === 'rejected' ? `: ${[...verdict.fields].sort().join(', ')}` : '';
      return [rowNumber(at), `${verdict.kind}${fields}`];
    }),
  );
}

function found(report: RowReport): string {
  if (report.outcome === 'duplicate') return 'duplicate';
  return `rejected: ${[...new Set(report.problems.map((problem) => problem.field))].sort().join(', ')}`;
}

describe('the sample files', () => {
  it.each([
    ['data/leads.xlsx', workbookSample(), (at: number) => at + 5 + Math.floor(at / 300)],
    ['data/leads.csv', csvSample(), (at: number) => at + 2],
  ])('import as they were meant, row by row: %s', async (file, sample, rowNumber) => {
    await using test = await createTestLms({ now: '2026-11-22T04:30:00.000Z' });
    const text = await readFile(pathOf('product-lines/personal-loan.yaml'), 'utf8');
    await test.admin.schemas.publish(parseDefinitionText(text, { format: 'yaml' }));
    const verdicts = new Map([...meant(sample, rowNumber).keys()].map((row) => [row, 'created']));
    const result = await test.admin.imports.run(
      { file: pathOf(file), productLine: 'personal-loan' },
      { onRow: (report) => verdicts.set(report.row, found(report)) },
    );
    expect([...verdicts]).toEqual([...meant(sample, rowNumber)]);
    const { rows, rejected, duplicates } = sample.size;
    expect(result.counts).toEqual({ rows, rejected, duplicates, updated: 0, created: rows - rejected - duplicates });
    expect(result.unmatched.map((column) => column.heading)).toEqual(['Sr. No.', 'Lead Source', 'Allotted To']);
    expect(result.missing).toEqual([]);
  });
});
