import process from 'node:process';
import { printNumber } from './table.ts';

const millisBetweenLines = 10_000;

/** Tells on stderr how far a long measurement is, a line every ten seconds; short ones say nothing. */
export function progressLine(what: string): (done: number) => void {
  const start = performance.now();
  let told = start;
  return (done) => {
    const now = performance.now();
    if (now - told < millisBetweenLines) return;
    told = now;
    const megabytes = process.memoryUsage.rss() / 2 ** 20;
    const perSecond = (done * 1000) / (now - start);
    process.stderr.write(
      `  ${what}: ${printNumber(done)} rows, ${printNumber(perSecond)} rows/s, ${printNumber(megabytes)} MB now\n`,
    );
  };
}
