/**
 * The first line of `expected` that is not among those that were printed, in order; null when all are. `...` stands for
 * anything, runs of spaces for one another.
 */
export function missingLine(expected: string, printed: string): string | null {
  const lines = printed.split('\n').map(folded);
  let from = 0;
  for (const wanted of expected.split('\n').filter((line) => line.trim() !== '')) {
    const pattern = patternOf(wanted);
    const found = lines.findIndex((line, index) => index >= from && pattern.test(line));
    if (found < 0) return wanted;
    from = found + 1;
  }
  return null;
}

function patternOf(line: string): RegExp {
  const parts = folded(line)
    .split('...')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'u');
}

function folded(line: string): string {
  return line.trim().replace(/\s+/g, ' ');
}
