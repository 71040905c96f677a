import { createServer } from 'node:net';

/** A loopback port that is free now; someone may take it before it is used, so a server that finds it taken starts anew. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('the system gave no loopback port'));
      });
    });
  });
}
