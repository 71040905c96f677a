import { type OwnServer, startOwnServer } from './own-server.js';

export type OwnMongod = OwnServer;

/**
 * @param folder where its files are, an empty one or one of a server that was stopped
 * @param args of mongod
 * @param port that it had: a member of a replica set knows itself by it
 */
export async function startMongod(folder: string, args: readonly string[], port?: number): Promise<OwnMongod> {
  const quiet = [
    '--dbpath',
    folder,
    '--logpath',
    `${folder}.log`,
    '--setParameter',
    'diagnosticDataCollectionEnabled=false',
  ];
  const same = port === undefined ? [] : ['--port', String(port)];
  return startOwnServer('mongod-keeper.ts', [...same, ...quiet, ...args], `${folder}.log`);
}
