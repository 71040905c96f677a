const longestCompared = 64;

/** The known word nearest to what was typed, or null when none is near enough to be a slip of the finger. */
export function nearestWord(typed: string, known: Iterable<string>): string | null {
  const wanted = folded(typed);
  if (wanted === '') return null;
  let best: string | null = null;
  let bestDistance = Math.min(3, Math.floor(wanted.length / 3)) + 1;
  for (const word of known) {
    const distance = editDistance(wanted, folded(word), bestDistance);
    if (distance < bestDistance) {
      best = word;
      bestDistance = distance;
    }
  }
  return best;
}

/** `; did you mean "mobile"?`, or nothing. For the end of a message. */
export function didYouMean(typed: string, known: Iterable<string>): string {
  const nearest = nearestWord(typed, known);
  return nearest === null ? '' : `; did you mean "${nearest}"?`;
}

function folded(word: string): string {
  return word
    .slice(0, longestCompared)
    .toLowerCase()
    .replace(/[\s_.-]/g, '');
}

/** Optimal string alignment distance (insert, delete, replace, swap of neighbours), given up at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = at(last, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      let cost = Math.min(at(last, column) + 1, at(current, column - 1) + 1, replaced);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      }
      current.push(cost);
    }
    if (Math.min(...current) >= limit) return limit;
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
