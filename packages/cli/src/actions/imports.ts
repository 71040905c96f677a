import type { ImportRun } from '@lms/core';
import { printable, table } from '../output/index.js';
import type { Session } from '../session.js';
import { reasonLines } from '../views/import-view.js';
import { nextPage } from './lead-list.js';

export interface ImportListOptions {
  readonly product?: string;
  readonly limit: number;
  readonly cursor?: string;
}

export async function listImports(session: Session, options: ImportListOptions): Promise<void> {
  const { me, output, format } = session;
  const runs = await me.imports.list({
    limit: options.limit,
    ...(options.product === undefined ? {} : { productLine: options.product }),
    ...(options.cursor === undefined ? {} : { after: options.cursor }),
  });
  const next = runs.length === options.limit ? (runs.at(-1)?.id ?? null) : null;
  output.answer({ items: runs, nextCursor: next }, () =>
    runs.length === 0
      ? ''
      : table(
          runs,
          [
            { heading: 'Id', cell: (run) => run.id },
            { heading: 'File', cell: (run) => run.fileName, minimum: 10, importance: 3 },
            { heading: 'Product', cell: (run) => run.productLine, minimum: 8 },
            { heading: 'Status', cell: (run) => run.status.replaceAll('_', ' '), minimum: 9, importance: 1 },
            { heading: 'Rows', cell: (run) => String(run.counts.rows), align: 'right', importance: 1 },
            { heading: 'Created', cell: (run) => String(run.counts.created), align: 'right', importance: 4 },
            { heading: 'Duplicates', cell: (run) => String(run.counts.duplicates), align: 'right' },
            { heading: 'Rejected', cell: (run) => String(run.counts.rejected), align: 'right', importance: 4 },
            { heading: 'Started', cell: (run) => format.time(run.startedAt), importance: 2 },
          ],
          output,
        ),
  );
  if (runs.length === 0) output.say('No import yet. Begin with: lms import FILE --product LINE --dry-run');
  if (next !== null) output.say(`More: ${nextPage(session, next)}`);
}

export async function showImport(session: Session, id: string): Promise<void> {
  const { me, output } = session;
  const run = await me.imports.get(id);
  output.answer(run, () => runLines(run, session).join('\n'));
}

function runLines(run: ImportRun, { format, output }: Session): readonly string[] {
  const { counts } = run;
  return [
    output.style.bold(`${printable(run.fileName)} into ${run.productLine}`),
    `Status      ${run.status.replaceAll('_', ' ')}${run.error === null ? '' : ` (${printable(run.error)})`}`,
    `Started     ${format.time(run.startedAt)} by ${run.actor}`,
    ...endLines(run, format.time),
    `Rows        ${counts.rows}`,
    `Created     ${counts.created}`,
    ...(counts.updated > 0 ? [`Updated     ${counts.updated}`] : []),
    `Duplicates  ${counts.duplicates}`,
    `Rejected    ${counts.rejected}`,
    ...reasonLines(run.reasons, 20),
  ];
}

/** How the run ended; of one that has not, when it was last heard of, and whether anybody still works on it. */
export function endLines(
  run: Pick<ImportRun, 'status' | 'finishedAt' | 'aliveAt'>,
  time: (instant: string) => string,
): readonly string[] {
  if (run.finishedAt !== null) return [`Finished    ${time(run.finishedAt)}`];
  if (run.status !== 'interrupted') return ['Finished    not yet', `Last heard  ${time(run.aliveAt)}`];
  return [
    'Finished    no: its process is gone, and nobody works on it',
    `Last heard  ${time(run.aliveAt)}`,
    'Next        import the file again: rows that were taken are passed over',
  ];
}
