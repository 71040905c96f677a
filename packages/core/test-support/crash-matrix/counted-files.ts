import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import type { CommandCounter } from './crash-point.js';

/** From here on every call of this process that gives, takes or changes the name of a file is counted. */
export function countFiles(counter: CommandCounter): void {
  const { link, rename, rm } = files;
  files.link = (...parameters) => counter.async(() => link(...parameters));
  files.rename = (...parameters) => counter.async(() => rename(...parameters));
  files.rm = (...parameters) => counter.async(() => rm(...parameters));
  syncBuiltinESMExports();
}
