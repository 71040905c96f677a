import type { SourceRow } from '../rows/index.js';

/** The next rows below the header, at most `most`; none at the end of the file. */
export async function readBatch(
  rows: AsyncIterator<SourceRow>,
  headerRow: number,
  most: number,
): Promise<readonly SourceRow[]> {
  const batch: SourceRow[] = [];
  while (batch.length < most) {
    const { done, value } = await rows.next();
    if (done === true) break;
    if (value.rowNumber > headerRow) batch.push(value);
  }
  return batch;
}
