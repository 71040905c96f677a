// Leads of an embedded store into csv, xlsx and ndjson, against a plain pass over the stored documents.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bigStore } from './data/big-store.ts';
import { clearColumns, type ExportSettings } from './data/export-columns.ts';
import { type Apart, runApart } from './kit/apart.ts';
import { tell } from './kit/report.ts';
import { rowsOr } from './kit/run-settings.ts';
import { printNumber, printRatio } from './kit/table.ts';
import { type RowsTiming, rowsPerSecond } from './kit/timing.ts';
import { inFreshFolder } from './kit/workplace.ts';

const leads = rowsOr(100_000);
const mostMegabytes = 256;
const store = bigStore(leads).file;

interface Exported {
  readonly what: string;
  readonly run: Apart<RowsTiming>;
  readonly megabytes: number;
}

const [exports, peer] = inFreshFolder((folder): readonly [readonly Exported[], Exported] => {
  const columns = clearColumns.map(([name]) => name);
  const run = (
    what: string,
    subject: string,
    settings: Pick<ExportSettings, 'format' | 'columns'>,
    smallYoungGeneration = true,
  ): Exported => {
    const file = join(folder, `${what.replaceAll(/\W+/g, '-')}.${settings.format}`);
    const done = runApart<ExportSettings, RowsTiming>(subject, {
      store,
      file,
      smallYoungGeneration,
      ...settings,
    });
    if (done.found.rows !== leads) throw new Error(`${what}: ${done.found.rows} leads, not ${leads}`);
    return { what, run: done, megabytes: statSync(file).size / 1e6 };
  };
  const few = run('csv, 12 columns', 'export-with-sdk', { format: 'csv', columns });
  const plain = run('plain pass, the same 12', 'export-with-select', { format: 'csv', columns });
  requireSame(join(folder, 'csv-12-columns.csv'), join(folder, 'plain-pass-the-same-12.csv'));
  const whole = (['csv', 'xlsx', 'ndjson'] as const).map((format) =>
    run(`${format}, every field`, 'export-with-sdk', { format, columns: null }),
  );
  const asItIs = run('csv, every field, V8 as it is', 'export-with-sdk', { format: 'csv', columns: null }, false);
  return [[few, ...whole, asItIs], plain];
});

tell({
  name: 'export',
  about:
    `${printNumber(leads)} leads of an embedded store into files, each in a process of its own: 12 columns that rest in the clear, and ` +
    'all 44, of which the personal ones are opened. The peer reads every stored document, parses it and joins the same 12 columns ' +
    'with commas: no rights, no filter, no envelope, no trail; both write the same lines. The young generation of V8 is kept small, ' +
    'as `lms leads export` does, but for the one that says so.',
  table: {
    headings: ['', 'leads/s', 'CPU s', 'CPU of the peer', 'file MB', 'peak MB'],
    rows: [...exports, peer].map(({ what, run, megabytes }) => [
      what,
      printNumber(rowsPerSecond(run.found)),
      printNumber(run.found.cpuMillis / 1000, 1),
      printRatio(run.found.cpuMillis / peer.run.found.cpuMillis),
      printNumber(megabytes, 1),
      printNumber(run.peakMegabytes),
    ]),
  },
  targets: exports.map(({ what, run }) => ({
    asked: `${what}: peak memory under ${mostMegabytes} MB`,
    measured: `${printNumber(run.peakMegabytes)} MB`,
    met: run.peakMegabytes < mostMegabytes,
  })),
});

/** A fast export that says something else counts for nothing. The first line of ours is the heading. */
function requireSame(ours: string, theirs: string): void {
  const [own, plain] = [readFileSync(ours, 'utf8'), readFileSync(theirs, 'utf8')];
  if (own.slice(own.indexOf('\r\n') + 2) !== plain) throw new Error(`${ours} and ${theirs} are not the same leads`);
}
