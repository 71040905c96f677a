export { bar } from './bar.js';
export { type Output, type OutputTarget, outputTo } from './output.js';
export { printable, printableLines } from './printable.js';
export type { Progress } from './progress.js';
export { type Style, styleFor } from './style.js';
export { type TableColumn, table } from './table.js';
export { type Alignment, pad, shorten, textWidth, wrap } from './text-width.js';
