import { z } from 'zod';
import { LmsError } from '../../foundation/kernel/index.js';
import { collectionPlans } from './mongo-collections.js';
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
  /** Null where the server asks for no user. */
  readonly user: MongoUser | null;
  /** The server's clock, in milliseconds since 1970. */
  readonly now: number;
}

export interface MongoUser {
  readonly name: string;
  /** The database that knows the user. */
  readonly db: string;
  readonly privileges: readonly MongoPrivilege[];
}

/** As `connectionStatus` lists them. */
export interface MongoPrivilege {
  readonly resource: { readonly db?: string; readonly collection?: string; readonly anyResource?: boolean };
  readonly actions: readonly string[];
}

const connectionStatus = z.object({
  authInfo: z.object({
    authenticatedUsers: z.array(z.object({ user: z.string(), db: z.string() })).default([]),
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

interface NeededRight {
  readonly action: string;
  /** Where it is needed. */
  readonly collections: readonly string[];
}

const everywhere = Object.values(collectionPlans).map(({ name }) => name);
/** The last is how a stage that is retired waits for units that still read the old pipeline. */
const neededRights: readonly NeededRight[] = [
  ...['find', 'insert', 'update', 'remove'].map((action) => ({ action, collections: everywhere })),
  { action: 'collMod', collections: [collectionPlans.lineHeads.name] },
];

export async function mongoServerFacts(database: MongoDatabase): Promise<MongoServerFacts> {
  const hello = await database.database.command({ hello: 1 });
  const build = await database.database.command({ buildInfo: 1 });
  const status = await database.database.command({ connectionStatus: 1, showPrivileges: true });
  const { authenticatedUsers, authenticatedUserPrivileges: privileges } = connectionStatus.parse(status).authInfo;
  const [user] = authenticatedUsers;
  const localTime = hello['localTime'];
  return {
    version: String(build['version']),
    database: database.database.databaseName,
    replicaSet: typeof hello['setName'] === 'string' ? hello['setName'] : null,
    sharded: hello['msg'] === 'isdbgrid',
    writable: hello['isWritablePrimary'] === true,
    compatibility: await compatibilityOf(database),
    user: user === undefined ? null : { name: user.user, db: user.db, privileges },
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
  requireRights(facts, server);
}

function requireRights({ user, database }: MongoServerFacts, server: string): void {
  if (user === null) return;
  const missing = neededRights.filter((right) => !mayDo(user, database, right)).map(({ action }) => action);
  if (missing.length === 0) return;
  const roles = ['readWrite', 'dbAdmin'].map((role) => `{ role: "${role}", db: "${database}" }`).join(', ');
  throw misconfigured(
    'privileges',
    `${server}: the MongoDB user may not ${missing.join(', ')} in the database "${database}"; grant it the roles readWrite and dbAdmin on it: ` +
      `db.getSiblingDB("${user.db}").grantRolesToUser("${user.name}", [${roles}])`,
  );
}

function requireVersion(found: string, setting: string, isWhat: string, remedy: string): void {
  if (Number.parseInt(found, 10) >= oldestMajor) return;
  throw misconfigured(setting, `${isWhat} ${found}; expected ${oldestMajor}.0 or later: ${remedy}`);
}

/** Whether privileges allow an action on each of the collections, one by one or with the whole database. */
function mayDo({ privileges }: MongoUser, database: string, { action, collections }: NeededRight): boolean {
  const given = privileges.filter(({ actions }) => actions.includes(action) || actions.includes('anyAction'));
  return collections.every((name) =>
    given.some(({ resource: { anyResource, db, collection } }) => {
      const isHere = (db === database || db === '') && (collection === name || collection === '');
      return anyResource === true || isHere;
    }),
  );
}

function misconfigured(setting: string, message: string): LmsError {
  return new LmsError('STORE_MISCONFIGURED', { message, details: { setting } });
}
