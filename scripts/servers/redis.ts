import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { durableRedis, redisInstallation } from './redis-binary.ts';
import { type StartedServer, startServerProcess, type TestServer } from './server-process.ts';

const patienceMilliseconds = 2_000;

/** Redis 7.0, durable before each answer, without a password on loopback. */
export const redis: TestServer = {
  name: 'Redis',
  variable: 'REDIS_URL',
  async start(folder: string): Promise<StartedServer> {
    const command = await redisInstallation();
    await mkdir(folder, { recursive: true });
    return startServerProcess({
      folder,
      command: (port) => command(durableRedis(folder, port)),
      connect: async (port) => {
        await ping(port);
        return `redis://127.0.0.1:${port}/0`;
      },
    });
  },
};

/** Resolves once it answers that it takes commands; while it reads its files it answers otherwise. */
function ping(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(patienceMilliseconds, () => socket.destroy(new Error('no answer')));
    socket.once('error', reject).once('close', () => reject(new Error('it hung up')));
    socket.once('data', (answer) => {
      socket.destroy();
      const text = answer.toString('utf8').trim();
      if (text === '+PONG') resolve();
      else reject(new Error(text));
    });
  });
}
