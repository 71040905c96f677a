import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const keeper = fileURLToPath(new URL('../../../scripts/servers/mongod-keeper.ts', import.meta.url));

/** A mongod of one test's own, for what must not be done to the servers that all tests share. */
export interface OwnMongod {
  /** Such as `127.0.0.1:4711`. */
  readonly address: string;
  /** Stops it at once, as a power cut would; its files stay. */
  stop(): Promise<void>;
}

/** @param folder where its files are, an empty one or one of a server that was stopped. @param args of mongod */
export async function startMongod(folder: string, args: readonly string[]): Promise<OwnMongod> {
  const quiet = [
    '--dbpath',
    folder,
    '--logpath',
    `${folder}.log`,
    '--setParameter',
    'diagnosticDataCollectionEnabled=false',
  ];
  const child = spawn(process.execPath, [keeper, ...quiet, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const [port] = await Promise.race([
    once(child.stdout.setEncoding('utf8'), 'data'),
    exit.then(([code]) => Promise.reject(new Error(`mongod ended with ${code}; see ${folder}.log`))),
  ]);
  return {
    address: `127.0.0.1:${String(port).trim()}`,
    async stop() {
      child.stdin.end();
      await exit;
    },
  };
}
