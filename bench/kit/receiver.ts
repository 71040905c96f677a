import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Answers 204 to every request, on a thread of its own. */
export interface Receiver extends AsyncDisposable {
  readonly port: number;
}

const program = `
  const { createServer } = require('node:http');
  const { parentPort } = require('node:worker_threads');
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(204).end());
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

export async function startReceiver(): Promise<Receiver> {
  const worker = new Worker(program, { eval: true });
  const [port]: readonly unknown[] = await once(worker, 'message');
  return {
    port: Number(port),
    async [Symbol.asyncDispose]() {
      await worker.terminate();
    },
  };
}
