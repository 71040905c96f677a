export { bar } from './bar.js';
export { commandLine } from './command-line.js';
export { type Output, outputTo } from './output.js';
export { printable, printableLines } from './printable.js';
export { type Style, styleFor } from './style.js';
export { type TableOptions, table } from './table.js';
export { listItem, pad, shorten, textWidth, wrap } from './text-width.js';
