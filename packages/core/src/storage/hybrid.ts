import { cryptoRandom } from '../foundation/kernel/index.js';
import type { UnitOfWork } from '../foundation/persistence/index.js';
import { commandsByHome, outboxByHome } from './hybrid/by-home.js';
import { connectHybrid, type HybridConnection } from './hybrid/hybrid-connection.js';
import { hybridLoading } from './hybrid/hybrid-loading.js';
import { hybridMigrations } from './hybrid/hybrid-migrations.js';
import { type HybridOptions, hybridSettings } from './hybrid/hybrid-options.js';
import { hybridSnapshot } from './hybrid/hybrid-snapshot.js';
import { MongoCommands } from './mongo/mongo-commands.js';
import { MongoAccess } from './mongo/mongo-database.js';
import { MongoDefinitionStore } from './mongo/mongo-definitions.js';
import { MongoImportReceiptStore } from './mongo/mongo-import-receipts.js';
import { MongoDataKeyStore, MongoStoreKeyStore } from './mongo/mongo-keys.js';
import { MongoLeadStore } from './mongo/mongo-leads.js';
import { MongoNumbers } from './mongo/mongo-numbers.js';
import { MongoOutbox } from './mongo/mongo-outbox.js';
import { MongoSavedMappingStore } from './mongo/mongo-saved-mappings.js';
import { mongoLabel } from './mongo/mongo-source.js';
import { MongoUniqueKeys } from './mongo/mongo-unique-keys.js';
import { MongoUnitOfWork } from './mongo/mongo-unit-of-work.js';
import { unlessRestoring } from './mysql/mysql-loading.js';
import { mysqlLabel, unitsAtOnce } from './mysql/mysql-source.js';
import { mysqlTurns } from './mysql/mysql-turns.js';
import { MysqlUnitOfWork } from './mysql/mysql-unit-of-work.js';
import { oneCopyAtATime } from './one-copy.js';
import { OpenedOnce } from './opened-once.js';
import { defaultRepeatPolicy } from './repeat-policy.js';
import { snapshotPort } from './snapshot-port.js';
import { mysqlFlavour } from './sql/flavour.js';
import { ledgerStores } from './sql/ledger/index.js';
import type { SqlConnection } from './sql/sql-connection.js';
import type { Storage } from './storage.js';

export type { HybridOptions, HybridTimeouts } from './hybrid/hybrid-options.js';
export type { MigratePolicy, StorageMigrations } from './migrations-port.js';
export type { MongoClientHandle } from './mongo/mongo-handle.js';
export type { MongoSource } from './mongo/mongo-source.js';
export type { MysqlConnectionHandle, MysqlPoolHandle } from './mysql/mysql-handle.js';
export type { MysqlSource } from './mysql/mysql-source.js';
export { type RawHybridOptions, rawHybrid } from './raw/hybrid-raw.js';
export type { RawStore, RawTransaction, Violation } from './raw-store.js';
export { type ScratchHybridOptions, scratchHybrid } from './scratch/hybrid-scratch.js';
export type { ScratchStore } from './scratch/scratch-store.js';

/**
 * The production shape: documents in MongoDB, the ledger in MySQL. Connects to nothing until `open`, which makes missing
 * collections and tables and checks what the guarantees need (a replica set, READ COMMITTED, a strict mode).
 *
 * ```ts
 * const storage = hybrid({
 *   mongo: { url: 'mongodb://127.0.0.1:27017/lms?replicaSet=rs0' },
 *   mysql: { url: 'mysql://lms@127.0.0.1:3306/lms' },
 * });
 * ```
 *
 * @throws LmsError `STORE_MISCONFIGURED` for a URL that is none, `CONFIG_INVALID` for a time-out or size that is none
 */
export function hybrid(options: HybridOptions): Storage {
  const settings = hybridSettings(options);
  const label = `${mongoLabel(options.mongo)} + ${mysqlLabel(options.mysql)}`;
  const ledgerServer = mysqlLabel(options.mysql);
  const migrations = hybridMigrations(options, settings);
  const opened = new OpenedOnce(async () => {
    if (options.migrate === 'at-open') await migrations.run();
    const connection = await connectHybrid(options, settings);
    return unlessRestoring(connection, connection.mysql, ledgerServer);
  });
  const random = cryptoRandom();
  const mongo = (): HybridConnection['mongo'] => opened.connection.mongo;
  const mysql = (): HybridConnection['mysql'] => opened.connection.mysql;

  const repeats = defaultRepeatPolicy;
  const documentUnits = new MongoUnitOfWork({ open: mongo, random, repeats, commitMillis: settings.commitMillis });
  const ledgerUnits = new MysqlUnitOfWork({
    open: mysql,
    server: ledgerServer,
    random,
    repeats,
    bothHomes: false,
    unitsAtOnce: unitsAtOnce(options.mysql, settings.poolSize),
  });
  const unitOfWork: UnitOfWork = {
    oneDatabase: false,
    run: (home, work, unitOptions = {}) =>
      opened.run(() =>
        home === 'documents' ? documentUnits.run(work, unitOptions) : ledgerUnits.run(home, work, unitOptions),
      ),
  };

  const access = new MongoAccess(mongo, (work) => opened.read(work));
  const reader: SqlConnection = {
    execute: (statement) => opened.read(({ mysql }) => mysql.reader.execute(statement)),
  };
  const ledger = ledgerStores({ flavour: mysqlFlavour, reader, scanner: reader, unitOfWork });

  return {
    shape: 'hybrid',
    label,
    defaultKeyFile: null,

    open: () => opened.open(),
    close: () => opened.close(),

    async check() {
      return opened.connection.findings();
    },

    migrations,

    snapshots: snapshotPort({
      snapshot: oneCopyAtATime(async () => hybridSnapshot(opened.connection, { ledgerServer })),
      load: async () => hybridLoading(await connectHybrid(options, settings), ledgerServer),
    }),

    unitOfWork,
    uniqueKeys: new MongoUniqueKeys(access),
    outbox: outboxByHome(new MongoOutbox(access), ledger.outbox),
    turns: mysqlTurns(mysql, ledgerServer),
    stepOutcomes: ledger.stepOutcomes,
    commands: commandsByHome(new MongoCommands(access), ledger.commands),
    numbers: new MongoNumbers(access),
    dataKeys: new MongoDataKeyStore(access),
    storeKeys: new MongoStoreKeyStore(access),
    definitions: new MongoDefinitionStore(access),
    leads: new MongoLeadStore(access),
    importReceipts: new MongoImportReceiptStore(access),
    savedMappings: new MongoSavedMappingStore(access),
    facts: ledger.facts,
    moves: ledger.moves,
    audit: ledger.audit,
    auditChain: ledger.auditChain,
    eventFeed: ledger.eventFeed,
    eventConsumers: ledger.eventConsumers,
    users: ledger.users,
    placements: ledger.placements,
    importRuns: ledger.importRuns,
    exchanges: ledger.exchanges,
    outboundBudgets: ledger.outboundBudgets,
    consents: ledger.consents,
    contactBlocks: ledger.contactBlocks,
    consentWordings: ledger.consentWordings,
    jobs: ledger.jobs,
    schedules: ledger.schedules,
    timers: ledger.timers,
    calendars: ledger.calendars,
    webhooks: ledger.webhooks,
    notifications: ledger.notifications,
    inbox: ledger.inbox,
    noticePreferences: ledger.noticePreferences,
    reports: ledger.reports,
  };
}
