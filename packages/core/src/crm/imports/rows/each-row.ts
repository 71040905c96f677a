import type { SourceRow } from './row-source.js';

/** The rows of batches, one by one. */
export async function* eachRow(batches: AsyncIterable<readonly SourceRow[]>): AsyncGenerator<SourceRow> {
  for await (const rows of batches) yield* rows;
}
