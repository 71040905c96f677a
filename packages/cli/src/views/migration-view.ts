import type { MigrationProgress, MigrationReport, MigrationStatus } from '@lms/core';
import { printable, type TableOptions, table } from '../output/index.js';

/** A line for each database of the store. */
export function migrationStatusText(databases: readonly MigrationStatus[], options: TableOptions): string {
  return table(
    databases,
    [
      { heading: 'Part', cell: ({ part }) => part },
      { heading: 'Place', cell: ({ place }) => place, minimum: 12 },
      { heading: 'Layout', cell: ({ layout, newest }) => `${layout?.version ?? 'none'} of ${newest}` },
      { heading: 'Releases', cell: releasesOf, minimum: 8 },
      { heading: 'To come', cell: ({ pending }) => String(pending.length), align: 'right' },
      {
        heading: 'Rows, about',
        cell: ({ rows }) => countText(sumOf(Object.values(rows))),
        align: 'right',
        importance: 1,
      },
    ],
    options,
  );
}

/** Which releases may work with the database, by the layout they know. */
function releasesOf({ layout }: MigrationStatus): string {
  return layout === null ? 'any' : `layout ${layout.readableBy} or later`;
}

/** Each step that is to come, with its operations. */
export function pendingText(databases: readonly MigrationStatus[], { style }: Pick<TableOptions, 'style'>): string {
  return databases
    .flatMap(({ part, place, layout, newest, pending }) => [
      style.bold(printable(`${part}: ${place}`)),
      ...(pending.length === 0 ? [`  ${nothingToDo(layout, newest)}`] : []),
      ...pending.flatMap((step) => [
        printable(`  ${step.version}  ${step.name} (${step.kind}; releases that know layout ${step.readableBy} go on)`),
        ...step.operations.map(({ operation, rows }) =>
          printable(`       ${operation}${rows === 0 ? '' : `, about ${countText(rows)} rows`}`),
        ),
      ]),
    ])
    .join('\n');
}

function nothingToDo(layout: MigrationStatus['layout'], newest: number): string {
  if (layout === null) return 'nothing there yet: the first opening makes it';
  return layout.version > newest ? `layout ${layout.version}, of a newer release` : `up to date, layout ${newest}`;
}

/** What was done, a line for each database. */
export function migrationReportText(reports: readonly MigrationReport[]): string {
  return reports
    .map(({ part, place, taken, layout }) => {
      const steps = taken.length === 0 ? 'nothing to do' : `took ${taken.map(({ version }) => version).join(', ')}`;
      return printable(`${part}: ${place}: ${steps}, layout ${layout?.version ?? 'none yet'}`);
    })
    .join('\n');
}

/** One line on how far it is. */
export function migrationProgressText({ place, version, operation, rows }: MigrationProgress): string {
  return `step ${version}: ${operation}${rows === 0 ? '' : `, ${countText(rows)} rows`}  ${place}`;
}

function countText(count: number): string {
  return count.toLocaleString('en-IN');
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, each) => sum + each, 0);
}
