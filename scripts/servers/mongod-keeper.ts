// Holds one mongod for one test: its arguments are mongod's, without the port. It prints the port once the server listens, and stops the
// server when its owner closes its input, however that ended.
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { mongodBinary } from './mongodb-binary.ts';

const pollMilliseconds = 50;

const port = await freePort();
const given = ['--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket', '--wiredTigerCacheSizeGB', '0.25'];
const server = spawn(await mongodBinary(), [...given, ...process.argv.slice(2)], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
server.once('exit', (code) => process.exit(code ?? 1));
process.stdin.resume().once('close', () => server.kill('SIGKILL'));

function isListening(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

while (!(await isListening())) await sleep(pollMilliseconds);
process.stdout.write(`${port}\n`);
