/** How a csv file separates its cells. */
export interface CsvDialect {
  readonly delimiter: string;
  readonly oldMac: boolean;
}

const delimiters = [',', ';', '\t', '|'] as const;
const sampledLines = 50;

/**
 * Guesses the delimiter from the beginning of the file: the one that cuts the most lines into the same number of cells,
 * with many cells counting for more. A first line `sep=;`, as spreadsheet programs write it, decides.
 */
export function guessDialect(sample: string): CsvDialect {
  const oldMac = sample.includes('\r') && !sample.includes('\n');
  const lines = sample.split(oldMac ? '\r' : /\r?\n/).slice(0, sampledLines);
  const said = /^\uFEFF?"?sep=(.)"?$/i.exec(lines[0] ?? '')?.[1];
  if (said !== undefined) return { delimiter: said, oldMac };
  const filled = lines.map(withoutQuoted).filter((line) => line.trim() !== '');
  let best: CsvDialect['delimiter'] = ',';
  let bestScore = 0;
  for (const delimiter of delimiters) {
    const score = evenness(filled.map((line) => line.split(delimiter).length));
    if (score > bestScore) [best, bestScore] = [delimiter, score];
  }
  return { delimiter: best, oldMac };
}

/** A delimiter inside quotes separates nothing. */
function withoutQuoted(line: string): string {
  return line.replace(/"(?:[^"]|"")*"/g, '');
}

/** Lines that share the commonest number of cells, times the separators in each. */
function evenness(widths: readonly number[]): number {
  const lines = new Map<number, number>();
  for (const width of widths) if (width > 1) lines.set(width, (lines.get(width) ?? 0) + 1);
  return Math.max(0, ...[...lines].map(([width, count]) => count * (width - 1)));
}
