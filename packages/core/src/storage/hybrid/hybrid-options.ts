import type { MigratePolicy } from '../migrations-port.js';
import type { MongoSource } from '../mongo/mongo-source.js';
import { defaultMysqlTimeouts, type MysqlTimeouts } from '../mysql/mysql-server.js';
import type { MysqlSource } from '../mysql/mysql-source.js';
import { requirePositive } from '../whole-settings.js';

export interface HybridTimeouts extends MysqlTimeouts {
  /** How long one SQL statement, or one operation on MongoDB, may take (default 30,000). */
  readonly statementMillis?: number;
  /** How long a commit may wait for a majority (default 10,000). */
  readonly commitMillis?: number;
}

export interface HybridOptions {
  /** The documents: a MongoDB replica set, 6.0 or later. */
  readonly mongo: MongoSource;
  /** The ledger: MySQL 8.0.17 or later, or MariaDB 10.11 or later. */
  readonly mysql: MysqlSource;
  readonly timeouts?: HybridTimeouts;
  /**
   * Units at once on each server (default 16); a quarter more connections, at least three, serve reads, turns and backups. Pools and
   * clients that you give keep their own size, a pool at least four, of which three are left to those. Nor is their TLS checked: it
   * is yours.
   */
  readonly poolSize?: number;
  /** Allows links off this machine without TLS. */
  readonly allowInsecure?: boolean;
  /**
   * What opening does with a store of an older release: `refuse` (default) fails with `STORE_OUTDATED` until `lms storage migrate` or
   * `storage.migrations.run()` was called, `at-open` migrates it.
   */
  readonly migrate?: MigratePolicy;
}

export interface HybridSettings extends Required<HybridTimeouts> {
  readonly poolSize: number;
  readonly allowInsecure: boolean;
}

const defaultTimeouts: Required<HybridTimeouts> = { ...defaultMysqlTimeouts, commitMillis: 10_000 };

/** @throws LmsError `CONFIG_INVALID` for numbers that are not positive */
export function hybridSettings(options: HybridOptions): HybridSettings {
  const settings = {
    ...defaultTimeouts,
    ...options.timeouts,
    poolSize: options.poolSize ?? 16,
    allowInsecure: options.allowInsecure ?? false,
  };
  requirePositive({ ...settings });
  return settings;
}
