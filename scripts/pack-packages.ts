import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { PACKAGE_MANAGER } from './bootstrap.mjs';
import { buildPackages, builtPackages } from './build-packages.ts';
import { fingerprintOf, isUpToDate, markUpToDate } from './fingerprint.ts';
import { withLockFile } from './lock-file.ts';
import { runTool } from './run-tool.ts';
import { inWorkspace, versionOfPackage, workspaceRoot } from './workspace.ts';

export interface PackedPackage {
  readonly name: (typeof builtPackages)[number];
  /** The tarball, as a registry would get it. */
  readonly tarball: string;
}

const packedFolder = inWorkspace('node_modules', '.cache', 'lms', 'packed');

/** Builds and packs each package with sources, where something changed since the last time. Of several callers one works. */
export function packPackages(): Promise<readonly PackedPackage[]> {
  return withLockFile(`${packedFolder}.lock`, packChanged);
}

async function packChanged(): Promise<readonly PackedPackage[]> {
  await buildPackages();
  const packed: PackedPackage[] = [];
  for (const name of builtPackages) {
    const tarball = join(packedFolder, `lms-${name}-${versionOfPackage(name)}.tgz`);
    const fingerprint = fingerprintOf(contentsOf(name));
    if (!(existsSync(tarball) && isUpToDate(`pack-${name}`, fingerprint))) {
      rmSync(tarball, { force: true });
      const args = ['--yes', PACKAGE_MANAGER, 'pack', '--pack-destination', packedFolder];
      await runTool({ program: 'npx', args, folder: inWorkspace('packages', name) });
      markUpToDate(`pack-${name}`, fingerprint);
    }
    packed.push({ name, tarball });
  }
  return packed;
}

/** What goes into the tarball, as paths from the root. */
function contentsOf(name: string): readonly string[] {
  const manifest: { files: readonly string[] } = JSON.parse(
    readFileSync(inWorkspace('packages', name, 'package.json'), 'utf8'),
  );
  const places = ['package.json', ...manifest.files].map((place) => join('packages', name, place));
  return ['LICENSE', ...places.filter((place) => existsSync(inWorkspace(place))).flatMap(filesUnder)].sort();
}

function filesUnder(place: string): readonly string[] {
  if (statSync(inWorkspace(place)).isFile()) return [place];
  return readdirSync(inWorkspace(place), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(workspaceRoot, join(entry.parentPath, entry.name)));
}
