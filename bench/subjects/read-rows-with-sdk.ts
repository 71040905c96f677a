import { openRows } from '#core';
import { beSubject } from '../kit/subject.ts';
import { type RowsTiming, startClocks } from '../kit/timing.ts';

export interface ReadRowsSettings {
  readonly file: string;
}

/** Our reader alone, on one thread: every cell of every row, and nothing done with it. */
await beSubject<ReadRowsSettings, RowsTiming>(async ({ file }) => {
  const elapsed = startClocks();
  const source = await openRows(file);
  let rows = -1;
  for await (const _ of source.rows({ sheet: source.sheets[0] ?? '' })) rows += 1;
  return { rows, ...elapsed() };
});
