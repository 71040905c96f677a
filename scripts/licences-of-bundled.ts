import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/** Writes `licences.txt` beside the built program: the licence of each library that is in it, as the licences ask. */
export const licencesOfBundled: Plugin = {
  name: 'licences-of-bundled',
  setup({ initialOptions, onEnd }) {
    initialOptions.metafile = true;
    const root = initialOptions.absWorkingDir ?? process.cwd();
    onEnd(({ metafile }) => {
      const folders = new Set(Object.keys(metafile?.inputs ?? {}).flatMap((file) => folderOfLibrary(join(root, file))));
      const texts = new Set([...folders].sort().map(licenceIn));
      const folder = join(root, initialOptions.outdir ?? 'dist');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'licences.txt'), [...texts].join('\n'));
    });
  },
};

/** The folder of the package that a bundled file is from; none for our own files. */
function folderOfLibrary(file: string): readonly string[] {
  const found = /^.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+(?=[/\\])/.exec(file);
  return found === null ? [] : [found[0]];
}

function licenceIn(folder: string): string {
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying)|notice/i.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  if (manifest.license === undefined) throw new Error(`${manifest.name} names no licence`);
  return [`${manifest.name} ${manifest.version} (${manifest.license})`, ...texts, ''].join('\n\n');
}
