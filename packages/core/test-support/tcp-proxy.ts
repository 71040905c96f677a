import { connect, createServer, type Socket } from 'node:net';

/**
 * Where a connection is cut: before the server gets what the client sends, or when its reply comes; or its replies are kept for ever, and
 * with `all-silent` from then on those of every other connection too.
 */
export interface Cut {
  /** What a client sends that is to be cut, as it stands in the bytes. */
  readonly when: string;
  readonly at: 'before-server' | 'before-client' | 'never-answered' | 'all-silent';
}

/** A place in the network that stays when the server behind it moves, and that can lose what passes. */
export interface TcpProxy {
  readonly port: number;
  /** Where new connections go from now on. */
  forwardTo(port: number): void;
  /** Cuts the next connection that sends this, once. @returns when it was cut */
  cutNext(cut: Cut): Promise<void>;
  close(): Promise<void>;
}

interface Planned extends Cut {
  done(): void;
}

/** A proxy on a free port of this machine. @param target port of the server; connections are refused while it is 0 */
export async function startTcpProxy(target = 0): Promise<TcpProxy> {
  let port = target;
  let planned: Planned | null = null;
  let isSilent = false;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port === 0 ? 1 : port, '127.0.0.1');
    let isDoomed: Planned | null = null;
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.once('close', () => sockets.delete(socket)).once('close', end);
      socket.on('error', end);
    }
    client.on('data', (sent) => {
      const cut = planned !== null && sent.includes(planned.when) ? planned : null;
      if (cut !== null) planned = null;
      if (cut?.at === 'before-server') {
        end();
        cut.done();
        return;
      }
      isDoomed ??= cut;
      isSilent ||= cut?.at === 'all-silent';
      upstream.write(sent);
    });
    upstream.on('data', (reply) => {
      if (isDoomed === null) {
        if (!isSilent) client.write(reply);
        return;
      }
      if (isDoomed.at === 'before-client') end();
      isDoomed.done();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the system gave no loopback port');
  return {
    port: address.port,
    forwardTo(next) {
      port = next;
    },
    cutNext: (cut) =>
      new Promise((resolve) => {
        planned = { ...cut, done: resolve };
      }),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
