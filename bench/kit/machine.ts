import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import process from 'node:process';
import { printNumber } from './table.ts';

/** How busy the machine was when the measurement began: read once, before it makes load of its own. */
const loadBefore = loadavg()[0] ?? 0;

/** Numbers mean nothing without it: cores, memory, processor, Node.js, and who else was at work. */
export function machineNow(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = printNumber(totalmem() / 2 ** 30);
  const cores = availableParallelism();
  const load = `load average before the run ${printNumber(loadBefore, 1)}`;
  const busy = loadBefore > cores / 2 ? ', so others were at work on it' : '';
  return `${cores} cores (${model}), ${memory} GB, Node.js ${process.versions.node}, ${process.platform}; ${load}${busy}.`;
}
