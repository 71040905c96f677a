import { type ColumnMatch, defaultRowLimits, openRows } from '@lms/core';

/** What the all-digit dates of a file tell of their order. A date whose day and month are the same tells nothing. */
export interface DateOrderEvidence {
  /** A date that exists in this order alone; null when there is none. */
  readonly dayFirst: DateExample | null;
  readonly monthFirst: DateExample | null;
  /** A date that exists in both. */
  readonly either: DateExample | null;
}

export interface DateExample {
  /** Heading of its column. */
  readonly heading: string;
  readonly text: string;
}

const rowsLookedAt = 1000;

/** Looks at the first 1,000 rows below the header. */
export async function dateOrderEvidence(
  file: string,
  table: { readonly sheet: string; readonly headerRow: number; readonly columns: readonly ColumnMatch[] },
  signal: AbortSignal,
): Promise<DateOrderEvidence> {
  const source = await openRows(file, defaultRowLimits, signal);
  const dates: DateExample[] = [];
  let rows = 0;
  try {
    for await (const { rowNumber, cells } of source.rows({ sheet: table.sheet, signal })) {
      if (rowNumber <= table.headerRow) continue;
      rows += 1;
      if (rows > rowsLookedAt) break;
      for (const { index, heading } of table.columns) {
        const cell = cells[index];
        if (cell?.kind === 'text') dates.push({ heading, text: cell.text.trim() });
      }
    }
  } finally {
    await source.close();
  }
  return evidenceOf(dates);
}

/** Pure. */
export function evidenceOf(dates: readonly DateExample[]): DateOrderEvidence {
  const first = (order: 'day' | 'month' | 'either'): DateExample | null =>
    dates.find(({ text }) => orderOf(text) === order) ?? null;
  return { dayFirst: first('day'), monthFirst: first('month'), either: first('either') };
}

function orderOf(text: string): 'day' | 'month' | 'either' | null {
  const [, one, two] = /^(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](?:\d{4}|\d{2})(?!\d)/.exec(text) ?? [];
  const [first, second] = [Number(one), Number(two)];
  if (one === undefined || first === second || first < 1 || second < 1 || first > 31 || second > 31) return null;
  if (first > 12) return second > 12 ? null : 'day';
  return second > 12 ? 'month' : 'either';
}
