import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { systemCode } from '../../../foundation/kernel/index.js';

/** More than any system follows. */
const mostLinks = 40;

/**
 * The file that SQLite opens, or makes, for a name, links followed: its log and its locks are beside that one. The name itself where it
 * leads nowhere or in a circle, as opening then says what is wrong.
 */
export async function realFileOf(file: string): Promise<string> {
  let name = resolve(file);
  for (let followed = 0; followed <= mostLinks; followed += 1) {
    const folder = await realpath(dirname(name)).catch(() => null);
    if (folder === null) return name;
    name = join(folder, basename(name));
    const target = await readlink(name).catch((error: unknown) => noLink(error));
    if (target === null) return name;
    name = resolve(folder, target);
  }
  return resolve(file);
}

/** What is no link, or not there. */
function noLink(error: unknown): null {
  if (systemCode(error) !== null) return null;
  throw error;
}
