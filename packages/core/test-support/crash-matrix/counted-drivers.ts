import { DatabaseSync, StatementSync } from 'node:sqlite';
import type {
  MongoClientHandle,
  MongoCollectionHandle,
  MongoDatabaseHandle,
} from '../../src/storage/mongo/mongo-handle.js';
import type { MysqlConnectionHandle, MysqlPoolHandle } from '../../src/storage/mysql/mysql-handle.js';
import type { CommandCounter, CommandKind } from './crash-point.js';

/** From here on every statement of this thread that goes to SQLite is counted. */
export function countSqlite(counter: CommandCounter): void {
  const methods: readonly (readonly [object, string])[] = [
    [DatabaseSync.prototype, 'exec'],
    ...['run', 'get', 'all', 'iterate'].map((name) => [StatementSync.prototype, name] as const),
  ];
  for (const [prototype, name] of methods) {
    const original = methodOf(prototype, name);
    Object.defineProperty(prototype, name, {
      configurable: true,
      value(this: unknown, ...parameters: unknown[]) {
        const sql = this instanceof StatementSync ? this.sourceSQL : parameters[0];
        return counter.sync(kindOf(sql), () => Reflect.apply(original, this, parameters));
      },
    });
  }
}

/** What is not surely a read counts as a change. */
function kindOf(sql: unknown): CommandKind {
  if (typeof sql !== 'string') return 'change';
  if (/^\s*commit\b/i.test(sql)) return 'commit';
  return /^\s*select\b/i.test(sql) ? 'read' : 'change';
}

/** The pool, its statements counted. */
export function countedMysql(pool: MysqlPoolHandle, counter: CommandCounter): MysqlPoolHandle {
  const known = new WeakMap<MysqlConnectionHandle, MysqlConnectionHandle>();
  const counted = (connection: MysqlConnectionHandle): MysqlConnectionHandle => {
    const made = known.get(connection) ?? countedConnection(connection, counter);
    known.set(connection, made);
    return made;
  };
  return {
    getConnection: (callback) =>
      pool.getConnection((error, connection) => callback(error, error === null ? counted(connection) : connection)),
    end: (callback) => pool.end(callback),
  };
}

function countedConnection(connection: MysqlConnectionHandle, counter: CommandCounter): MysqlConnectionHandle {
  return {
    query(options, callback) {
      const answered = counter.callback();
      return connection.query(options, (error, result) => {
        answered();
        callback(error, result);
      });
    },
    release: () => connection.release(),
    destroy: () => connection.destroy(),
  };
}

/** The client, its operations, commits and aborts counted. */
export function countedMongo(client: MongoClientHandle, counter: CommandCounter): MongoClientHandle {
  return {
    connect: () => client.connect(),
    close: () => client.close(),
    db: (name) => countedDatabase(client.db(name), counter),
    startSession() {
      // The driver wants its own sessions back, so this one is changed, not wrapped.
      const session = client.startSession();
      for (const name of ['commitTransaction', 'abortTransaction']) {
        const original = methodOf(session, name);
        Object.defineProperty(session, name, {
          configurable: true,
          value: (...parameters: unknown[]) => counter.async(async () => Reflect.apply(original, session, parameters)),
        });
      }
      return session;
    },
  };
}

function countedDatabase(database: MongoDatabaseHandle, counter: CommandCounter): MongoDatabaseHandle {
  return {
    databaseName: database.databaseName,
    collection: (name, options) => countedCollection(database.collection(name, options), counter),
    command: (command, options) => counter.async(() => database.command(command, options)),
    createCollection: (name, options) => counter.async(() => database.createCollection(name, options)),
  };
}

function countedCollection(collection: MongoCollectionHandle, counter: CommandCounter): MongoCollectionHandle {
  return {
    find: <Row extends object>(filter: object, options?: object) => {
      const cursor = collection.find<Row>(filter, options);
      return { toArray: () => counter.async(() => cursor.toArray()) };
    },
    findOne: <Row extends object>(filter: object, options?: object) =>
      counter.async(() => collection.findOne<Row>(filter, options)),
    findOneAndUpdate: (filter, update, options) =>
      counter.async(() => collection.findOneAndUpdate(filter, update, options)),
    insertMany: (documents, options) => counter.async(() => collection.insertMany(documents, options)),
    updateOne: (filter, update, options) => counter.async(() => collection.updateOne(filter, update, options)),
    deleteOne: (filter, options) => counter.async(() => collection.deleteOne(filter, options)),
    deleteMany: (filter, options) => counter.async(() => collection.deleteMany(filter, options)),
    countDocuments: (filter, options) => counter.async(() => collection.countDocuments(filter, options)),
    createIndexes: (indexes, options) => counter.async(() => collection.createIndexes(indexes, options)),
  };
}

type Method = (...parameters: never[]) => unknown;

function methodOf(target: object, name: string): Method {
  const method: unknown = Reflect.get(target, name);
  if (!isMethod(method)) throw new Error(`the driver has no method ${name}`);
  return method;
}

function isMethod(value: unknown): value is Method {
  return typeof value === 'function';
}
