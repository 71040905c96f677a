import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import type { ServerCommand } from './server-process.ts';

const pollMilliseconds = 50;

/**
 * Holds one server for one test: starts it, prints its port once it listens, and kills it when the owner of this process closes its
 * input, however that ended.
 * @param wanted the port of a server that comes back; a free one when absent
 */
export async function holdServer(command: (port: number) => ServerCommand, wanted?: number): Promise<void> {
  const port = wanted ?? (await freePort());
  const { program, args } = command(port);
  const server = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  server.once('exit', (code) => process.exit(code ?? 1));
  process.stdin.resume().once('close', () => server.kill('SIGKILL'));
  while (!(await isListening(port))) await sleep(pollMilliseconds);
  process.stdout.write(`${port}\n`);
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
