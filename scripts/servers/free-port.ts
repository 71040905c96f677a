import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections (from 32768 on Linux, 49152 elsewhere): a server that is stopped and started
 * again finds its port as it left it.
 */
const lowest = 15_000;
const highest = 32_000;
const attempts = 50;

/** A loopback port that is free now; someone may take it before it is used, so a server that finds it taken starts anew. */
export async function freePort(): Promise<number> {
  for (let left = attempts; left > 0; left -= 1) {
    const port = randomInt(lowest, highest);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free loopback port was found between ${lowest} and ${highest}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
