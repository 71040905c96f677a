import { columnLetter } from '../../../foundation/kernel/index.js';
import type { SheetFacts } from './checked-file.js';
import type { ReadingNote } from './row-source.js';
import type { SheetProgress } from './xlsx-sheet.js';
import type { SheetPart } from './xlsx-workbook.js';

const mostNamed = 10;

export function hiddenSheetsNote(sheets: readonly SheetPart[]): readonly ReadingNote[] {
  const names = sheets.filter(({ isHidden }) => isHidden).map(({ name }) => JSON.stringify(name));
  if (names.length === 0) return [];
  const message = `${counted(names.length, 'hidden sheet is', 'hidden sheets are')} not read: ${listed(names)}.`;
  return [{ kind: 'hidden-sheets', sheet: null, count: names.length, message }];
}

export function notesOfSheet(
  sheet: string,
  { merged, hiddenRows }: SheetFacts,
  progress: SheetProgress,
): readonly ReadingNote[] {
  const notes: ReadingNote[] = [];
  const hiddenColumns = progress.hiddenColumns.filter((column) => column < progress.width);
  const [rows, columns, areas] = [hiddenRows, hiddenColumns.length, merged.count];
  if (rows > 0) {
    const message = `${counted(rows, 'row is', 'rows are')} hidden (a filter hides rows too) and read like the others.`;
    notes.push({ kind: 'hidden-rows', sheet, count: rows, message });
  }
  if (columns > 0) {
    const letters = listed(hiddenColumns.map(columnLetter));
    const message = `${counted(columns, 'column is', 'columns are')} hidden and read like the others: ${letters}.`;
    notes.push({ kind: 'hidden-columns', sheet, count: columns, message });
  }
  if (areas > 0) {
    const message = `${counted(areas, 'merged area', 'merged areas')}: a value belongs to the first column of its area and to every row of it.`;
    notes.push({ kind: 'merged-cells', sheet, count: areas, message });
  }
  return notes;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function listed(names: readonly string[]): string {
  const more = names.length > mostNamed ? [`${names.length - mostNamed} more`] : [];
  return [...names.slice(0, mostNamed), ...more].join(', ');
}
