import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A server of one test's own, for what must not be done to the servers that all tests share. */
export interface OwnServer {
  readonly port: number;
  /** Such as `127.0.0.1:4711`. */
  readonly address: string;
  /** Stops it at once, as a power cut would; its files stay. */
  stop(): Promise<void>;
}

/**
 * Starts a mysqld that root reaches without a password.
 * @param folder where its files are: not there yet, or those of one that was stopped
 */
export function startMysqld(folder: string): Promise<OwnServer> {
  return startOwnServer('mysqld-keeper.ts', [folder], `${folder}.log`);
}

/** @param keeper file of `scripts/servers` that holds the server. @param log for messages */
export async function startOwnServer(keeper: string, args: readonly string[], log: string): Promise<OwnServer> {
  const file = fileURLToPath(new URL(`../../../scripts/servers/${keeper}`, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const [printed] = await Promise.race([
    once(child.stdout.setEncoding('utf8'), 'data'),
    exit.then(([code]) => Promise.reject(new Error(`${keeper} ended with ${code}; see ${log}`))),
  ]);
  const port = Number(String(printed).trim());
  return {
    port,
    address: `127.0.0.1:${port}`,
    async stop() {
      child.stdin.end();
      await exit;
    },
  };
}
