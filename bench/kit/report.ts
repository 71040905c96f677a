import { appendFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machineNow } from './machine.ts';
import { printTable, type Table } from './table.ts';

export interface Target {
  /** What is asked for, such as `at least 2,000 leads/s`. */
  readonly asked: string;
  readonly measured: string;
  readonly met: boolean;
}

/** What a measurement has to say. */
export interface Report {
  readonly name: string;
  /** What was done, in a sentence or two. */
  readonly about: string;
  readonly table: Table;
  readonly targets: readonly Target[];
}

const resultsFile = fileURLToPath(new URL('../RESULTS.md', import.meta.url));

/** Prints the report; with `--record` also appends it to RESULTS.md, with the sentences of `--remark`. */
export function tell(report: Report): void {
  const { values } = parseArgs({
    args: process.argv.slice(2),
    options: { record: { type: 'boolean' }, remark: { type: 'string', multiple: true } },
    strict: false,
  });
  const body = textOf(report);
  console.log(body);
  if (values.record !== true) return;
  const remarks = (values.remark ?? []).map((remark) => `- ${remark}\n`).join('');
  appendFileSync(
    resultsFile,
    `\n## ${report.name}, ${new Date().toISOString().slice(0, 10)}\n\n${body}\n${remarks === '' ? '' : `\n${remarks}`}`,
  );
}

function textOf({ about, table, targets }: Report): string {
  const verdicts = targets.map(
    ({ asked, measured, met }) => `- ${met ? 'met' : '**missed**'}: ${asked} (measured ${measured})`,
  );
  return [about, machineNow(), printTable(table), verdicts.join('\n')].filter((part) => part !== '').join('\n\n');
}
