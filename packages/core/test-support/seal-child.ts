import { createLms, openHeadKey, type Storage, systemClock, TrailSealer, Vault } from '../src/index.js';
import { testKey } from '../src/testing/index.js';
import { openAddress, type StoreAddress } from './store-address.js';

/** A sealer in a process of its own that heeds no turn of others, and may stand still before its first commit. */
export interface SealPlan {
  readonly address: StoreAddress;
  readonly hold: boolean;
}

export interface SealQuestion {
  /** Seals until nothing waits; or ends by SIGKILL, without an answer. */
  readonly what: 'seal' | 'die';
}

export type SealAnswer = { readonly held: true } | { readonly held: false; readonly sealed: number };

/** Few rows, so that sealers meet often. */
const rowsARound = 4;

const { address, hold }: SealPlan = JSON.parse(process.argv[2] ?? '{}');
const answer = (given: SealAnswer): boolean | undefined => process.send?.(given);
const storage: Storage = openAddress(address);
await using lms = await createLms({ storage, key: testKey });
await lms.ready();
const vault = new Vault(await testKey.load());
const sealer = new TrailSealer({
  chain: storage.auditChain,
  outbox: storage.outbox,
  unitOfWork: {
    oneDatabase: storage.unitOfWork.oneDatabase,
    run: (home, work, options) =>
      storage.unitOfWork.run(
        home,
        async (unit) => {
          const result = await work(unit);
          if (!hold) return result;
          answer({ held: true });
          return new Promise<never>(() => undefined);
        },
        options,
      ),
  },
  turns: {
    async alone(_name, work) {
      await work();
      return true;
    },
  },
  clock: systemClock,
  openKey: () => openHeadKey({ vault, storeKeys: storage.storeKeys, unitOfWork: storage.unitOfWork }),
});

process.on('message', async ({ what }: SealQuestion) => {
  if (what === 'die') process.kill(process.pid, 'SIGKILL');
  let sealed = 0;
  for (;;) {
    const round = await sealer.sealRound(rowsARound);
    sealed += round.sealed;
    if (round.sealed === 0) break;
  }
  answer({ held: false, sealed });
});
await new Promise<void>((resolve) => {
  process.on('disconnect', resolve);
  process.send?.('ready');
});
