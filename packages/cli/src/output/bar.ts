const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of `share` (0 to 1) of `width` columns, exact to an eighth of a column; never empty for a share above zero. */
export function bar(share: number, width: number): string {
  const units = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const filled = share > 0 ? Math.max(1, units) : 0;
  return '█'.repeat(Math.floor(filled / 8)) + (eighths[filled % 8] ?? '');
}
