import { rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { printable } from '../output/index.js';
import type { Session } from '../session.js';

export interface SchemaTypesOptions {
  readonly output?: string;
}

/** The file is written whole and then put in its place, so that a compiler never reads half of it. */
export async function writeTypes({ me, output }: Session, options: SchemaTypesOptions): Promise<void> {
  const source = await me.schemas.types();
  if (options.output === undefined) {
    output.answer({ source }, () => source.trimEnd());
    return;
  }
  const file = resolve(options.output);
  const partial = `${file}.${process.pid}.partial`;
  await writeFile(partial, source);
  await rename(partial, file);
  output.answer({ file }, () => printable(file));
  output.say('Use it as: createLms<Lines>({ ... })');
}
