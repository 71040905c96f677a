import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { KeeperReport, ServersReady } from './keeper-report.ts';

const keeperFile = fileURLToPath(new URL('./keeper.ts', import.meta.url));

export interface RunningServers extends ServersReady {
  readonly keeperPid: number;
  /** Stops them and removes their files. They also stop when this process ends, even where it was killed. */
  stop(): Promise<void>;
}

export interface ServersOptions {
  /** Whether their files are in the machine's memory, where it has room: for tests, not for measurements. */
  readonly inMemory?: boolean;
}

/**
 * Starts the servers whose address is not in the environment, each on a free loopback port with files of its own.
 *
 * @throws Error with one line that says which server could not be had and why.
 */
export async function startServers({ inMemory = false }: ServersOptions = {}): Promise<RunningServers> {
  const args = [keeperFile, '--until-stdin-ends', ...(inMemory ? ['--in-memory'] : [])];
  const keeper = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true, // Ctrl-C in the terminal ends the owner first; the keeper follows when its standard input ends
  });
  const ready = await readReport(keeper);
  const ended = new Promise<void>((resolve) => keeper.once('exit', () => resolve()));
  return {
    ...ready,
    keeperPid: keeper.pid ?? 0,
    stop: () => {
      keeper.stdin?.end();
      return ended;
    },
  };
}

/** Starts servers that outlive this process, until their keeper gets SIGTERM; what they complain about goes to `logFile`. */
export async function startServersInBackground(logFile: string): Promise<Omit<RunningServers, 'stop'>> {
  const log = openSync(logFile, 'w');
  const keeper = spawn(process.execPath, [keeperFile], { stdio: ['ignore', 'pipe', log], detached: true });
  closeSync(log);
  const ready = await readReport(keeper);
  keeper.stdout?.destroy();
  keeper.unref();
  return { ...ready, keeperPid: keeper.pid ?? 0 };
}

function readReport(keeper: ChildProcess): Promise<ServersReady> {
  return new Promise((resolve, reject) => {
    let output = '';
    keeper.once('error', reject);
    keeper.once('exit', (code) => reject(new Error(`the servers' keeper ended with ${code} before they were ready`)));
    keeper.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (!output.endsWith('\n')) return;
      const report: KeeperReport = JSON.parse(output);
      if (report.kind === 'ready') resolve(report);
      else reject(new Error(report.reason));
    });
  });
}
