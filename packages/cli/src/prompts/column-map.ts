import type { ColumnMatch, ColumnPlan, ImportPreview, SayingColumn, UnmatchedColumn } from '@lms/core';
import { sayingColumns } from './consent-choices.js';

/** A column; one that is read into no field may say what people allow and forbid. */
export type FileColumn = ColumnMatch | UnmatchedColumn | (SayingColumn & { readonly says: string });

/** All columns of a file in their order. */
export function columnsOf(
  plan: Pick<ColumnPlan, 'columns' | 'unmatched'> & Pick<ImportPreview, 'consents' | 'contactBlocks'>,
): readonly FileColumn[] {
  const known = [...plan.columns, ...plan.unmatched];
  const places = new Set(known.map(({ index }) => index));
  return [...known, ...sayingColumns(plan).filter(({ index }) => !places.has(index))].sort((a, b) => a.index - b.index);
}

/**
 * The `--map` flags with another field for one column, `-` to leave it out. What was said of that column before is replaced.
 */
export function mapWith(
  flags: readonly string[],
  all: readonly FileColumn[],
  changed: { readonly column: FileColumn; readonly field: string },
): readonly string[] {
  const { column, field } = changed;
  const isOfColumn = (flag: string): boolean => {
    const name = nameIn(flag).toLowerCase();
    return name === column.heading.toLowerCase() || name === `column ${column.letter}`.toLowerCase();
  };
  const former = flags.find(isOfColumn);
  const name = former === undefined ? nameOf(column, all) : nameIn(former);
  return [...flags.filter((flag) => !isOfColumn(flag)), `${name}=${field}`];
}

function nameIn(flag: string): string {
  return flag.slice(0, flag.lastIndexOf('=')).trim();
}

/** What flags call a column: its heading; its letter where it has none or shares it. */
export function nameOf({ heading, letter, index }: FileColumn, all: readonly FileColumn[]): string {
  const isShared = all.some((other) => other.index !== index && other.heading.toLowerCase() === heading.toLowerCase());
  return isShared || heading === letter ? `column ${letter}` : heading;
}
