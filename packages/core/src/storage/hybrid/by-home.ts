import type { Commands, Home, Outbox } from '../../foundation/persistence/index.js';
import type { MongoCommands } from '../mongo/mongo-commands.js';
import type { MongoOutbox } from '../mongo/mongo-outbox.js';

/** One outbox a home: documents in MongoDB, the ledger's in MySQL. */
export function outboxByHome(documents: MongoOutbox, ledger: Outbox): Outbox {
  const inDocuments = (home: Home): boolean => home === 'documents';
  return {
    append: (unit, events) => (inDocuments(unit.home) ? documents.append(unit, events) : ledger.append(unit, events)),
    waiting: (home, limit) => (inDocuments(home) ? documents.waiting(limit) : ledger.waiting(home, limit)),
    due: (home, lane, at, limit) =>
      inDocuments(home) ? documents.due(lane, at, limit) : ledger.due(home, lane, at, limit),
    remove: (home, ids) => (inDocuments(home) ? documents.remove(ids) : ledger.remove(home, ids)),
    postpone: (home, failures) => (inDocuments(home) ? documents.postpone(failures) : ledger.postpone(home, failures)),
    retryStuck: (home, limit) => (inDocuments(home) ? documents.retryStuck(limit) : ledger.retryStuck(home, limit)),
    count: (home) => (inDocuments(home) ? documents.count() : ledger.count(home)),
    backlog: (home) => (inDocuments(home) ? documents.backlog() : ledger.backlog(home)),
  };
}

/** Command keys are kept where their effect is. */
export function commandsByHome(documents: MongoCommands, ledger: Commands): Commands {
  return {
    find: (unit, home, scope, keys) =>
      home === 'documents' ? documents.find(unit, scope, keys) : ledger.find(unit, home, scope, keys),
    record: (unit, records) =>
      unit.home === 'documents' ? documents.record(unit, records) : ledger.record(unit, records),
    trim: (home, at, limit) => (home === 'documents' ? documents.trim(at, limit) : ledger.trim(home, at, limit)),
  };
}
