// Makes the workspace usable from the machine's own Node.js (20 or newer), then goes on under the Node.js the workspace brings.
// Plain JavaScript on purpose: this is the one file that runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** The pinned package manager, as npx takes it. */
export const PACKAGE_MANAGER = 'pnpm@12.21.0';
const OLDEST_NODE = [20, 11];
const stampFile = join(root, 'node_modules', '.lms-installed');
const workspaceNode = join(root, 'node_modules', '.bin', 'node');

/** Everything that decides what an install gives: the lockfile, the workspace file and the manifests. */
function installFingerprint() {
  const manifests = ['packages', 'scripts/nodes'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}/package.json`),
  );
  const hash = createHash('sha256');
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests]) {
    if (existsSync(join(root, file))) hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

/** Installs with the pinned package manager, unless the last install was of exactly these files. */
function install() {
  const fingerprint = installFingerprint();
  const installed = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
  if (installed === fingerprint && existsSync(workspaceNode)) return;
  console.log(`Installing with ${PACKAGE_MANAGER} (about a minute the first time) ...`);
  const command = ['--yes', PACKAGE_MANAGER, 'install', '--frozen-lockfile'];
  const { status, error, stdout, stderr } = spawnSync('npx', command, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    env: { ...process.env, CI: 'true' },
    shell: process.platform === 'win32',
  });
  if (error) stop(`npx could not be started (${error.message}); npm has to be installed beside Node.js.`);
  if (status !== 0) stop(`"npx ${command.join(' ')}" failed with exit code ${status}:\n${stdout}${stderr}`);
  if (!existsSync(workspaceNode))
    stop('the install left no Node.js in node_modules/.bin; see allowBuilds in pnpm-workspace.yaml.');
  writeFileSync(stampFile, fingerprint);
}

function stop(message) {
  console.error(`lms-workspace: ${message}`);
  process.exit(1);
}

function assertMachineNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  stop(`Node.js ${OLDEST_NODE.join('.')} or newer is needed to start; this is ${process.versions.node}.`);
}

/**
 * Installs what is missing and runs a TypeScript file of scripts/ under the workspace's Node.js with the given arguments.
 * Signals reach the child, and its exit code becomes that of this process.
 */
export function runWithWorkspaceNode(script, args) {
  assertMachineNode();
  install();
  const child = spawn(workspaceNode, [join(root, 'scripts', script), ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => stop(`${workspaceNode} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  });
}
