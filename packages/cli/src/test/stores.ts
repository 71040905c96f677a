import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { type Connection, createConnection } from 'mysql2/promise';
import { LmsFolder } from './lms-process.js';

/** A folder whose default store is fresh, in one of the shapes. */
export interface StoreShape {
  readonly name: 'sqlite' | 'mysql' | 'hybrid';
  make(): Promise<LmsFolder>;
}

const examples = new URL('../../../../examples/', import.meta.url);

/** A file of its own. */
export const fileStore: StoreShape = { name: 'sqlite', make: () => LmsFolder.make() };

/** Databases of its own on the test servers, dropped with the folder. */
const hybridShape: StoreShape = {
  name: 'hybrid',
  async make() {
    const name = `lms_cli_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
    const mongoUrl = withDatabase(serverUrl('MONGO_URL'), name);
    const mysqlUrl = withDatabase(serverUrl('MYSQL_URL'), name);
    await onMysql((sql) => sql.query(`CREATE DATABASE ${name}`));
    const folder = await LmsFolder.make({ MONGO_URL: mongoUrl, MYSQL_URL: mysqlUrl, LMS_STORE: 'prod' });
    folder.afterwards(async () => {
      await onMysql((sql) => sql.query(`DROP DATABASE ${name}`));
      await using mongo = new MongoClient(mongoUrl);
      await mongo.db().dropDatabase();
    });
    return folder;
  },
};

/** A database of its own on MySQL alone, by a configuration that lies in the folder already. */
const mysqlStore: StoreShape = {
  name: 'mysql',
  async make() {
    const name = `lms_cli_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
    const mysqlUrl = withDatabase(serverUrl('MYSQL_URL'), name);
    await onMysql((sql) => sql.query(`CREATE DATABASE ${name}`));
    const folder = await LmsFolder.make({ MYSQL_URL: mysqlUrl, LMS_STORE: 'prod' });
    folder.afterwards(() => onMysql((sql) => sql.query(`DROP DATABASE ${name}`)));
    return folder;
  },
};

export const storeShapes: readonly StoreShape[] = [fileStore, hybridShape];
/** The shapes that the embedder can choose from. */
export const allStoreShapes: readonly StoreShape[] = [fileStore, mysqlStore, hybridShape];

/** The same store with an admin and the personal loan line in it. */
export async function withPersonalLoan(shape: StoreShape): Promise<LmsFolder> {
  const folder = await shape.make();
  for (const words of [['init'], ['schema', 'publish', exampleFile('product-lines/personal-loan.yaml')]]) {
    const { exitCode, stderr } = await folder.lms(words);
    if (exitCode !== 0) throw new Error(`lms ${words.join(' ')} exited ${exitCode}: ${stderr}`);
  }
  return folder;
}

/** A file of `examples/`. */
export function exampleFile(path: string): string {
  return new URL(path, examples).pathname;
}

/** What a personal loan needs at least, as `--set` flags. */
export function applicant(values: Readonly<Record<string, string>> = {}): readonly string[] {
  const fields = {
    fullName: 'Asha Rao',
    mobile: '98200 12345',
    dateOfBirth: '15/08/1990',
    employmentType: 'Salaried',
    monthlyIncome: '75,000',
    loanAmount: '5,00,000',
  };
  return Object.entries({ ...fields, ...values }).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
}

/** Where a test server is. */
export function serverUrl(name: 'MONGO_URL' | 'MYSQL_URL' | 'REDIS_URL'): string {
  const url = process.env[name];
  if (url !== undefined && url !== '') return url;
  throw new Error(`${name} is not set: start the test servers with "node scripts/servers up"`);
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function onMysql(work: (connection: Connection) => Promise<unknown>): Promise<void> {
  const connection = await createConnection(serverUrl('MYSQL_URL'));
  try {
    await work(connection);
  } finally {
    await connection.end();
  }
}
