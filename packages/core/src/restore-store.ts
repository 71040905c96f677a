import { existsSync } from 'node:fs';
import {
  backupFact,
  type RestoredBackup,
  type RestoreOptions,
  type RestorePorts,
  type RestoreRequest,
  restoreBackup,
} from './foundation/backup/index.js';
import {
  type Actor,
  type Clock,
  type DomainEvent,
  type IdSource,
  LmsError,
  systemActor,
} from './foundation/kernel/index.js';
import { stampEvent } from './foundation/persistence/index.js';
import { keyFile, loadMasterKeys, type MasterKeys } from './foundation/privacy/index.js';
import type { LmsOptions } from './lms-options.js';
import type { Services } from './services.js';

/** A restore also of a store that is not open: who did it stands in the trail. */
export interface StoreRestoreRequest extends RestoreRequest {
  /** `system:restore` when absent. It need not be a user of the store, which has none before. */
  readonly actor?: Actor;
}

/**
 * Restores into the empty store of these options, which its trail tells of, opens it, and catches up what the backup had under way.
 * @param open opens the store as everybody does
 */
export async function restoreStore(
  { storage, key, clock, ids }: Pick<LmsOptions, 'storage' | 'key'> & { readonly clock: Clock; readonly ids: IdSource },
  { actor = systemActor('restore'), ...request }: StoreRestoreRequest,
  options: RestoreOptions,
  open: () => Promise<Services>,
): Promise<RestoredBackup> {
  const masterKeys = await masterKeysFor({ storage, key });
  const told = ({ backupId, createdAt, shape, rows, destroyedKeys }: RestoredBackup): DomainEvent => {
    const data = { madeAt: createdAt, madeOf: shape, rows, destroyedKeys };
    return stampEvent(backupFact({ type: 'store.restored', actor, backupId, data }), { ids, clock });
  };
  const erased: string[] = [];
  const destroyed: RestorePorts['destroyed'] = ({ kind, id }) => {
    if (kind === 'lead') erased.push(id);
  };
  const restored = await restoreBackup({ snapshots: storage.snapshots, masterKeys, told, destroyed }, request, options);
  await catchUp(open, erased);
  return restored;
}

/**
 * What cannot be told now is told by a later relay, as after a crash; a store that does not open is told of.
 * @param erased leads whose keys were destroyed since the backup, and which it brought back otherwise
 */
async function catchUp(open: () => Promise<Services>, erased: readonly string[]): Promise<void> {
  let services: Services;
  try {
    services = await open();
  } catch (error) {
    throw LmsError.isInstance(error) ? restoredAndShut(error) : error;
  }
  // First of all: until then what they had in the clear can be read.
  for (const lead of erased) {
    await services.erasure.finish(lead).catch((error: unknown) => {
      throw LmsError.isInstance(error) ? restoredUnfinished(error) : error;
    });
  }
  await services.relay.drain({ limit: Number.MAX_SAFE_INTEGER, busyLanesToo: true }).catch((error: unknown) => {
    if (!LmsError.isInstance(error)) throw error;
  });
}

function restoredAndShut(error: LmsError): LmsError {
  return afterRestore(error, 'the store does not open now');
}

function restoredUnfinished(error: LmsError): LmsError {
  return afterRestore(error, 'not all leads that were erased since are emptied, which lms leads finish-erasures does');
}

function afterRestore(error: LmsError, what: string): LmsError {
  return new LmsError(error.code, {
    message: `the backup is restored, and ${what}: ${error.message}`,
    details: error.details,
    ...(error.path === undefined ? {} : { path: error.path }),
    cause: error,
  });
}

/**
 * The keys of a store that need not be there yet: none is made.
 * @throws LmsError `KEY_MISSING`, `KEY_INVALID`
 */
export async function masterKeysFor({
  storage,
  key,
}: {
  readonly storage: LmsOptions['storage'];
  readonly key?: LmsOptions['key'] | undefined;
}): Promise<MasterKeys> {
  const path = storage.defaultKeyFile;
  const source = key ?? (path !== null && existsSync(path) ? keyFile(path) : null);
  if (source !== null) return loadMasterKeys(source);
  throw new LmsError('KEY_MISSING', {
    message: `a backup is opened with the master key of its store: ${path === null ? 'give it with createLms({ key })' : `put it into ${path}`}`,
    ...(path === null ? {} : { path }),
  });
}
