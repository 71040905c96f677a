import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The folder of the checkout, without a slash at the end. */
export const workspaceRoot: string = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');

/** An absolute path inside the checkout. */
export const inWorkspace = (...parts: string[]): string => join(workspaceRoot, ...parts);

/** A tool the workspace installed, such as `tsc`. */
export const workspaceTool = (name: string): string => inWorkspace('node_modules', '.bin', name);

/** Where downloads of test servers are kept between runs; shared by every checkout of one user. */
export const serverCacheFolder = (): string =>
  process.env['LMS_SERVERS_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'lms-servers');

/** The version of Node.js that the workspace pins. */
function pinnedNodeVersion(): string {
  const manifest: { devDependencies: { node: string } } = JSON.parse(readFileSync(inWorkspace('package.json'), 'utf8'));
  return manifest.devDependencies.node;
}

/** Stops with a clear message where a script runs on another Node.js than the one the workspace brings. */
export function assertWorkspaceNode(): void {
  if (process.versions.node === pinnedNodeVersion()) return;
  throw new Error(
    `This runs on Node.js ${process.versions.node}, but the workspace pins ${pinnedNodeVersion()}: start it through npm, not directly.`,
  );
}

/** The version in the manifest of packages/`name`. */
export function versionOfPackage(name: string): string {
  const manifest: { version: string } = JSON.parse(readFileSync(inWorkspace('packages', name, 'package.json'), 'utf8'));
  return manifest.version;
}
