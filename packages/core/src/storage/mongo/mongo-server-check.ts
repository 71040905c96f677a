import { z } from 'zod';
import { LmsError } from '../../foundation/kernel/index.js';
import type { MongoDatabase } from './mongo-database.js';
import { isMongoError } from './mongo-errors.js';

/** What the server said of itself, and of the user. */
export interface MongoServerFacts {
  readonly version: string;
  /** The name of the store's database. */
  readonly database: string;
  /** A replica set's name, or null for a lone server. */
  readonly replicaSet: string | null;
  /** True when reached through mongos. */
  readonly sharded: boolean;
  /** False on a secondary, and while the replica set elects. */
  readonly writable: boolean;
  /** `featureCompatibilityVersion`; null where this user may not ask for it. */
  readonly compatibility: string | null;
  /** What the user may do; null where the server asks for no user. */
  readonly privileges: readonly MongoPrivilege[] | null;
  /** The server's clock, in milliseconds since 1970. */
  readonly now: number;
}

/** As `connectionStatus` lists them. */
export interface MongoPrivilege {
  readonly resource: { readonly db?: string; readonly collection?: string; readonly anyResource?: boolean };
  readonly actions: readonly string[];
}

const connectionStatus = z.object({
  authInfo: z.object({
    authenticatedUsers: z.array(z.unknown()).default([]),
    authenticatedUserPrivileges: z
      .array(
        z.object({
          resource: z.object({
            db: z.string().exactOptional(),
            collection: z.string().exactOptional(),
            anyResource: z.boolean().exactOptional(),
          }),
          actions: z.array(z.string()),
        }),
      )
      .default([]),
  }),
});

const oldestMajor = 6;
const neededActions = ['find', 'insert', 'update', 'remove'] as const;

export async function mongoServerFacts(database: MongoDatabase): Promise<MongoServerFacts> {
  const hello = await database.database.command({ hello: 1 });
  const build = await database.database.command({ buildInfo: 1 });
  const status = await database.database.command({ connectionStatus: 1, showPrivileges: true });
  const { authenticatedUsers, authenticatedUserPrivileges } = connectionStatus.parse(status).authInfo;
  const localTime = hello['localTime'];
  return {
    version: String(build['version']),
    database: database.database.databaseName,
    replicaSet: typeof hello['setName'] === 'string' ? hello['setName'] : null,
    sharded: hello['msg'] === 'isdbgrid',
    writable: hello['isWritablePrimary'] === true,
    compatibility: await compatibilityOf(database),
    privileges: authenticatedUsers.length === 0 ? null : authenticatedUserPrivileges,
    now: localTime instanceof Date ? localTime.getTime() : Number.NaN,
  };
}

/** Asking for it is a right of its own, which a user of one database mostly lacks. */
async function compatibilityOf(database: MongoDatabase): Promise<string | null> {
  try {
    const answer = await database.admin().command({ getParameter: 1, featureCompatibilityVersion: 1 });
    const said: unknown = answer['featureCompatibilityVersion'];
    const version: unknown = typeof said === 'object' && said !== null ? Reflect.get(said, 'version') : said;
    return typeof version === 'string' ? version : null;
  } catch (error) {
    if (isMongoError(error) && typeof error.code === 'number') return null;
    throw error;
  }
}

/** @throws LmsError `STORE_MISCONFIGURED` naming the setting or right, `STORE_UNAVAILABLE` for a server that takes no writes now */
export function requireMongoServer(facts: MongoServerFacts, server: string): void {
  requireVersion(facts.version, 'version', `${server} is version`, 'upgrade the server');
  if (facts.compatibility !== null) {
    requireVersion(
      facts.compatibility,
      'featureCompatibilityVersion',
      `${server}: featureCompatibilityVersion is`,
      `run db.adminCommand({ setFeatureCompatibilityVersion: "${facts.version.split('.').slice(0, 2).join('.')}" })`,
    );
  }
  if (facts.replicaSet === null && !facts.sharded) {
    throw misconfigured(
      'replica set',
      `${server} is not a replica set, so it has no transactions; start mongod with --replSet rs0 (replication.replSetName) and run rs.initiate()`,
    );
  }
  if (!facts.writable) {
    throw new LmsError('STORE_UNAVAILABLE', {
      message: `${server} takes no writes now: it is a secondary (give the addresses of all members, and no directConnection), or an election is under way`,
    });
  }
  const missing = neededActions.filter((action) => !mayDo(facts, action));
  if (missing.length > 0) {
    throw misconfigured(
      'privileges',
      `${server}: the MongoDB user may not ${missing.join(', ')} in the database "${facts.database}"; grant it the roles readWrite and dbAdmin on it`,
    );
  }
}

function requireVersion(found: string, setting: string, isWhat: string, remedy: string): void {
  if (Number.parseInt(found, 10) >= oldestMajor) return;
  throw misconfigured(setting, `${isWhat} ${found}; expected ${oldestMajor}.0 or later: ${remedy}`);
}

/** Whether some privilege allows an action on each collection of the database. */
function mayDo({ privileges, database }: MongoServerFacts, action: string): boolean {
  return (
    privileges === null ||
    privileges.some(({ resource, actions }) => {
      const isEverywhere = resource.anyResource === true;
      const isHere = resource.collection === '' && (resource.db === database || resource.db === '');
      return (isEverywhere || isHere) && (actions.includes(action) || actions.includes('anyAction'));
    })
  );
}

function misconfigured(setting: string, message: string): LmsError {
  return new LmsError('STORE_MISCONFIGURED', { message, details: { setting } });
}
