import type { ColumnMatch, ColumnPlan, UnmatchedColumn } from '@lms/core';

export type FileColumn = ColumnMatch | UnmatchedColumn;

/** All columns of a file in their order. */
export function columnsOf(plan: Pick<ColumnPlan, 'columns' | 'unmatched'>): readonly FileColumn[] {
  return [...plan.columns, ...plan.unmatched].sort((a, b) => a.index - b.index);
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

/** Its heading; its letter where it has none or shares it. */
function nameOf({ heading, letter, index }: FileColumn, all: readonly FileColumn[]): string {
  const isShared = all.some((other) => other.index !== index && other.heading.toLowerCase() === heading.toLowerCase());
  return isShared || heading === letter ? `column ${letter}` : heading;
}
