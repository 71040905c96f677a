import type { TiedColumns } from '@lms/core';
import { hasCode, LmsError } from '@lms/core/kernel';
import { printable } from '../output/index.js';
import type { Asker } from './asker.js';

type Tie = Pick<TiedColumns, 'path' | 'columns'>;

/** The columns that an error says to choose from, when that is all it complains of. */
export function tiesIn(thrown: unknown): readonly Tie[] {
  if (!LmsError.isInstance(thrown) || !hasCode(thrown, 'IMPORT_MAPPING_INVALID')) return [];
  const listed: unknown = thrown.details['problems'];
  const problems: readonly unknown[] = Array.isArray(listed) ? listed : [];
  return problems.every(isTie) ? problems : [];
}

/** Asks which column holds the field. @returns the `--map` flags that leave the others out */
export async function askTie(asker: Asker, { path, columns }: Tie): Promise<readonly string[]> {
  const choices = columns.map((column) => ({ value: column, name: printable(`${column.letter}  ${column.heading}`) }));
  const chosen = await asker.choose(`Several columns may hold "${path}". Which one does?`, choices);
  const others = columns.filter(({ letter }) => letter !== chosen.letter);
  const headings = columns.map(({ heading }) => heading.toLowerCase());
  return others.map(({ letter, heading }) => {
    const isShared = headings.filter((each) => each === heading.toLowerCase()).length > 1;
    return `${isShared ? `column ${letter}` : heading}=-`;
  });
}

function isTie(problem: unknown): problem is Tie {
  if (typeof problem !== 'object' || problem === null) return false;
  const { path, rule, columns }: { path?: unknown; rule?: unknown; columns?: unknown } = problem;
  return rule === 'two-columns' && typeof path === 'string' && Array.isArray(columns) && columns.every(isColumn);
}

function isColumn(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return ['letter', 'heading'].every((key) => typeof Reflect.get(value, key) === 'string');
}
