import { createLms } from '#core';
import { hybrid } from '#core/storage/hybrid';
import { testKey } from '#core/testing';
import { adminWithLine } from './personal-loan.ts';
import { emptyDatabases, type Servers } from './servers.ts';

/** Tables, collections, indexes and checks as the SDK makes them, and the personal-loan line; nothing else. */
export async function makeEmptyStore(servers: Servers): Promise<void> {
  await emptyDatabases(servers);
  const storage = hybrid({ mongo: { url: servers.mongoUrl }, mysql: { url: servers.mysqlUrl } });
  await using lms = await createLms({ storage, key: testKey });
  await adminWithLine(lms);
}
