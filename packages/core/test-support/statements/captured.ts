import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { MongoClient } from 'mongodb';
import { createPool, type Pool } from 'mysql2';
import type { MysqlConnectionHandle, MysqlPoolHandle } from '../../src/storage/mysql/mysql-handle.js';

export type SqlValues = readonly (string | number | null)[];

/** One statement as it left for the engine, and the operation that sent it. */
export type Captured =
  | { readonly operation: string; readonly engine: 'sql'; readonly sql: string; readonly values: SqlValues }
  | { readonly operation: string; readonly engine: 'mongo'; readonly command: Readonly<Record<string, unknown>> };

/** Statements of a store, once recording has begun. */
export class Recording {
  readonly captured: Captured[] = [];
  readonly operations: Set<string> = new Set();
  #operation: string | null = null;

  /** What is sent from now on belongs to this operation. */
  readonly of = (operation: string): void => {
    this.#operation = operation;
    this.operations.add(operation);
  };

  sql(sql: string, values: SqlValues): void {
    if (this.#operation !== null) this.captured.push({ operation: this.#operation, engine: 'sql', sql, values });
  }

  mongo(command: Readonly<Record<string, unknown>>): void {
    if (this.#operation !== null) this.captured.push({ operation: this.#operation, engine: 'mongo', command });
  }
}

/** Records each text that this process prepares, or sends to a thread, for SQLite; disposing ends it. */
export function recordSqlite(recording: Recording): Disposable {
  const prepare = DatabaseSync.prototype.prepare;
  const postMessage = Worker.prototype.postMessage;
  DatabaseSync.prototype.prepare = function prepareRecorded(sql: string) {
    recording.sql(sql, []);
    return prepare.call(this, sql);
  };
  Worker.prototype.postMessage = function postRecorded(message: unknown) {
    if (typeof message === 'object' && message !== null && 'sql' in message) recording.sql(String(message.sql), []);
    return postMessage.call(this, message);
  };
  return {
    [Symbol.dispose]() {
      DatabaseSync.prototype.prepare = prepare;
      Worker.prototype.postMessage = postMessage;
    },
  };
}

/** A pool as LMS makes it, its statements recorded. */
export function recordedPool(url: string, recording: Recording): MysqlPoolHandle & { readonly made: Pool } {
  const made = createPool({ uri: url, charset: 'utf8mb4_bin', timezone: 'Z', flags: ['FOUND_ROWS'] });
  const known = new WeakMap<object, MysqlConnectionHandle>();
  return {
    made,
    end: (callback) => made.end(callback),
    getConnection(callback) {
      made.getConnection((error, connection) => {
        if (error !== null) return callback(error, connection);
        const recorded = known.get(connection) ?? {
          query(
            options: Parameters<MysqlConnectionHandle['query']>[0],
            answer: Parameters<MysqlConnectionHandle['query']>[1],
          ) {
            recording.sql(options.sql, options.values);
            return connection.query(options, answer);
          },
          release: () => connection.release(),
          destroy: () => connection.destroy(),
        };
        known.set(connection, recorded);
        return callback(null, recorded);
      });
    },
  };
}

const explainable: ReadonlySet<string> = new Set(['find', 'aggregate', 'update', 'delete', 'findAndModify', 'insert']);

/** A client as LMS makes it, its commands recorded. */
export function recordedClient(url: string, recording: Recording): MongoClient {
  const client = new MongoClient(url, { monitorCommands: true });
  client.on('commandStarted', ({ commandName, command }) => {
    if (explainable.has(commandName)) recording.mongo(command);
  });
  return client;
}
