import { storeKeyWrappedAs } from '../../src/foundation/privacy/store-key.js';
import {
  type Clock,
  createLms,
  type Lms,
  type LmsOptions,
  loadMasterKeys,
  type Storage,
  Vault,
} from '../../src/index.js';
import { withFaults } from '../../src/testing/index.js';
import { openAddress, type StoreAddress } from '../store-address.js';
import { crashLine } from './crash-line.js';
import { damageLedger } from './damage-ledger.js';
import { root } from './leads-of-point.js';
import { matrixKeys } from './matrix-keys.js';
import type { PrepareAnswer, PrepareQuestion } from './messages.js';
import type { StoreBefore, Workshop } from './operation.js';
import { crashOperation } from './operations.js';
import { imports, webhooks } from './run-point.js';
import { withTwoHomes } from './two-homes.js';

let ahead = 0;
const clock: Clock = { now: () => Date.now() + ahead };
const stores = new Map<string, Workshop>();

/** Makes stores and what operations change in them, as it is asked. */
export async function answerPreparing(question: PrepareQuestion): Promise<PrepareAnswer> {
  try {
    return await answered(question);
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

async function answered(question: PrepareQuestion): Promise<PrepareAnswer> {
  const store = await opened(question.address);
  if (question.ask === 'close') {
    stores.delete(JSON.stringify(question.address));
    await store.lms.close();
    return { done: true };
  }
  if (question.ask === 'store') {
    await furnish(store.lms);
    return { done: true };
  }
  const operation = crashOperation(question.operation);
  const leads = (await operation.prepare?.(store, question.subject)) ?? [];
  await store.lms.settle();
  return { leads };
}

async function opened(address: StoreAddress): Promise<Workshop> {
  const known = stores.get(JSON.stringify(address));
  if (known !== undefined) return known;
  const storage = openAddress(address);
  const options = { key: matrixKeys, clock, imports, webhooks };
  const { storage: apart, faults } = withFaults(withTwoHomes(storage));
  const store: Workshop = {
    lms: await createLms({ ...options, storage }),
    apart: { lms: await createLms({ ...options, storage: apart }), faults, outbox: storage.outbox },
    before: await storeBefore(storage, options),
    damage: (statements) => damageLedger(address, statements),
    travel: (millis) => {
      ahead += millis;
    },
  };
  stores.set(JSON.stringify(address), store);
  return store;
}

/** With the keys of the matrix the other way round. */
async function storeBefore(storage: Storage, options: Omit<LmsOptions, 'storage'>): Promise<StoreBefore> {
  const keys = matrixKeys.toReversed();
  const { storeKeys, unitOfWork } = storage;
  return {
    lms: await createLms({ ...options, storage, key: keys }),
    async wrapStoreKeys() {
      const vault = new Vault(await loadMasterKeys(keys));
      for (const { name, wrapped: from, masterKeyId } of await storeKeys.list()) {
        const as = storeKeyWrappedAs({ name });
        const wrapped = vault.wrap(as, vault.unwrap(as, from, masterKeyId));
        await unitOfWork.run('documents', (unit) =>
          storeKeys.rewrap(unit, { name, from, wrapped, masterKeyId: vault.masterKeyId }),
        );
      }
    },
  };
}

async function furnish(lms: Lms): Promise<void> {
  await lms.bootstrapAdmin({ id: 'root', name: 'Root' });
  const admin = lms.as(root);
  await admin.schemas.publish(crashLine);
  for (const id of ['asha', 'ravi']) await admin.users.create({ id, name: id, roles: ['agent'], teams: ['west'] });
  await lms.settle();
}
