import type { ColumnMatch, ColumnPlan, ImportPreview, UnmatchedColumn } from '@lms/core';
import { commandLine } from '../output/command-line.js';
import { type Output, printable, table } from '../output/index.js';
import type { TableColumn } from '../output/table.js';
import { likelySayingFlags, sayingLines } from './said-view.js';

type Frame = Pick<Output, 'style' | 'width'>;

/** Which column is read into which field, how sure that is and why; below what is not read and what is missing. */
export function columnPlanView(
  { columns, unmatched, missing, ...said }: ColumnPlan & Pick<ImportPreview, 'consents' | 'contactBlocks'>,
  frame: Frame,
): readonly string[] {
  const { style } = frame;
  const places = [...columns, ...said.consents, ...said.contactBlocks].map((one) => indexOf(one));
  const read = new Set(places.filter((index) => index !== null)).size;
  const lines = [
    `Columns read: ${read} of ${read + unmatched.length}`,
    ...(columns.length === 0 ? [] : [readTable(columns, frame)]),
    ...columns.flatMap((column) => noteLines(column, frame)),
    ...sayingLines(said),
  ];
  if (unmatched.length > 0) {
    lines.push('', 'Not read', unreadTable(unmatched, frame));
    lines.push(
      ...unmatched.filter(({ suggestion }) => suggestion !== null).flatMap((column) => noteLines(column, frame)),
    );
    const flags = unmatched.flatMap(({ letter, suggestion }) =>
      suggestion === null ? [] : ['--map', `column ${letter}=${suggestion}`],
    );
    if (flags.length > 0) lines.push(`To read what is likely: ${commandLine(flags)}`);
    const saying = likelySayingFlags(unmatched);
    if (saying.length > 0) lines.push(printable(`To record what people allow and forbid: ${commandLine(saying)}`));
  }
  if (missing.length > 0) {
    lines.push('', style.red(printable(`No column for the required: ${missing.join(', ')}`)));
  }
  return lines;
}

/** Place of a column in its row; null of what every row says. */
function indexOf(read: ColumnMatch | { readonly column: { readonly index: number } | null }): number | null {
  return 'index' in read ? read.index : (read.column?.index ?? null);
}

const readColumns: readonly TableColumn<ColumnMatch>[] = [
  { heading: 'Col', cell: ({ letter }) => letter },
  { heading: 'Heading', cell: headingOf, minimum: 10, importance: 3 },
  { heading: 'Field', cell: ({ field }) => field, minimum: 10, importance: 3 },
  { heading: 'Sure', cell: ({ confidence }) => percentOf(confidence), align: 'right', importance: 2 },
  { heading: 'Because', cell: ({ reason }) => becauseOf[reason], minimum: 8, importance: 1 },
  { heading: 'Reads', cell: (column) => readsAs(column), importance: 2 },
  { heading: 'Values', cell: ({ samples }) => samples.join(', '), minimum: 12 },
];

function readTable(columns: readonly ColumnMatch[], frame: Frame): string {
  const hasRules = columns.some((column) => readsAs(column) !== '');
  return table(
    columns,
    readColumns.filter(({ heading }) => hasRules || heading !== 'Reads'),
    frame,
  );
}

function unreadTable(columns: readonly UnmatchedColumn[], frame: Frame): string {
  return table(
    columns,
    [
      { heading: 'Col', cell: ({ letter }) => letter },
      { heading: 'Heading', cell: headingOf, minimum: 10, importance: 3 },
      { heading: 'Perhaps', cell: ({ suggestion }) => suggestion ?? '', minimum: 8, importance: 3 },
      {
        heading: 'Sure',
        cell: ({ suggestion, confidence }) => (suggestion === null ? '' : percentOf(confidence)),
        align: 'right',
        importance: 2,
      },
      { heading: 'Because', cell: ({ reason }) => reason, minimum: 8, importance: 1 },
      { heading: 'Values', cell: ({ samples }) => samples.join(', '), minimum: 12 },
    ],
    frame,
  );
}

/** Unit and date order of a column. */
function readsAs({ unit, dateOrder }: ColumnMatch): string {
  return [unit === undefined ? '' : `× ${unit}`, dateOrder ?? ''].filter((text) => text !== '').join(' ');
}

function noteLines({ letter, heading, notes }: ColumnMatch | UnmatchedColumn, { style }: Frame): readonly string[] {
  return notes.map((note) =>
    style.yellow(printable(`  ${letter}${heading === letter ? '' : ` "${heading}"`}: ${note}`)),
  );
}

/** A column without a heading is called by its letter elsewhere. */
function headingOf({ heading, letter }: ColumnMatch | UnmatchedColumn): string {
  return heading === letter ? '(none)' : heading;
}

function percentOf(confidence: number): string {
  return `${Math.round(100 * confidence)} %`;
}

const becauseOf: Readonly<Record<ColumnMatch['reason'], string>> = {
  mapping: 'you said so',
  key: 'its key',
  label: 'its label',
  synonym: 'a synonym',
  abbreviation: 'the same words',
  'known heading': 'a usual name',
  'without brackets': 'but for brackets',
  'vague heading': 'name and values',
  'brackets not understood': 'part of it',
  looks: 'its values',
};
