export interface StatementLimits<Row> {
  /** Rows of one statement. */
  readonly rows: number;
  /** Characters of one statement, about; a longer row is a statement by itself. */
  readonly characters: number;
  readonly lengthOf: (row: Row) => number;
}

/** The rows of one statement after the other: few enough to fit into what a server takes at once, however long they are. */
export function* statementChunks<Row>(rows: readonly Row[], most: StatementLimits<Row>): Generator<readonly Row[]> {
  let start = 0;
  let characters = 0;
  for (const [at, row] of rows.entries()) {
    const length = most.lengthOf(row);
    const isFull = at - start >= most.rows || characters + length > most.characters;
    if (isFull && at > start) {
      yield rows.slice(start, at);
      start = at;
      characters = 0;
    }
    characters += length;
  }
  if (start < rows.length) yield start === 0 ? rows : rows.slice(start);
}
