import { type OwnServer, startOwnServer } from './own-server.js';

/**
 * Starts a Redis that has written whatever it says it has.
 * @param folder where its files are: an empty one, or those of one that was stopped
 * @param port that it had, so that clients find it again
 */
export async function startRedis(folder: string, port?: number): Promise<OwnServer> {
  return startOwnServer('redis-keeper.ts', port === undefined ? [folder] : [folder, String(port)], `${folder}.log`);
}
