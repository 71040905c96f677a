import { resolve } from 'node:path';
import type { ConformanceTarget } from '@lms/core/conformance';
import { type ChosenStore, readSecret, type SecretReference } from './configuration/index.js';

/** An empty store beside the chosen one, as the cases want it. */
export interface ScratchTarget extends ConformanceTarget {
  readonly label: string;
  remove(): Promise<void>;
}

/** Makes it; {@link ScratchTarget.remove} takes it away. @throws LmsError naming the grant that is missing */
export async function scratchTarget(chosen: ChosenStore, environment: NodeJS.ProcessEnv): Promise<ScratchTarget> {
  const { name, store, folder } = chosen;
  if (store.kind === 'sqlite') {
    const { rawSqlite, scratchSqlite, sqlite } = await import('@lms/core/storage/sqlite');
    const scratch = await scratchSqlite({ file: resolve(folder, store.file) });
    return { ...scratch, handle: () => sqlite(scratch.source), raw: () => rawSqlite(scratch.source) };
  }
  const secret = (part: 'mongo' | 'mysql', reference: SecretReference): Promise<string> =>
    readSecret(reference, { place: `stores.${name}.${part}`, folder, environment });
  const secure = store.allowInsecure === undefined ? {} : { allowInsecure: store.allowInsecure };
  if (store.kind === 'mysql') {
    const { mysql, rawMysql, scratchMysql } = await import('@lms/core/storage/mysql');
    const scratch = await scratchMysql({ url: await secret('mysql', store.mysql), ...secure });
    return { ...scratch, handle: () => mysql(scratch.source), raw: () => rawMysql(scratch.source) };
  }
  const { hybrid, rawHybrid, scratchHybrid } = await import('@lms/core/storage/hybrid');
  const [mongoUrl, mysqlUrl] = await Promise.all([secret('mongo', store.mongo), secret('mysql', store.mysql)]);
  const scratch = await scratchHybrid({ mongoUrl, mysqlUrl, ...secure });
  return { ...scratch, handle: () => hybrid(scratch.source), raw: () => rawHybrid(scratch.source) };
}
