import { AccessService } from '../src/foundation/access/index.js';
import {
  type Actor,
  businessTime,
  cryptoRandom,
  type RandomSource,
  systemActor,
  uuidV7Source,
} from '../src/foundation/kernel/index.js';
import {
  ExchangeService,
  type NameResolver,
  OutboundClient,
  type OutboundEvent,
  type OutboundRequest,
  type OutboundResponse,
  type OutboundSettings,
  type OutboundTarget,
} from '../src/foundation/outbound/index.js';
import { DataKeyRing, openLookupKeys, Vault } from '../src/foundation/privacy/index.js';
import { sqlite } from '../src/storage/sqlite.js';
import type { Storage } from '../src/storage/storage.js';
import { TestClock, testKey } from '../src/testing/index.js';

/** A client made from its ports, whose pauses pass at once: the clock is moved on by as much. */
export interface OutboundDesk extends AsyncDisposable {
  readonly client: OutboundClient;
  readonly exchanges: ExchangeService;
  readonly storage: Storage;
  readonly dataKeys: DataKeyRing;
  readonly clock: TestClock;
  readonly events: OutboundEvent[];
  /** The pauses that were waited for, in milliseconds. */
  readonly pauses: number[];
  /** A call of the target `there`, by somebody who may make it. */
  call(request?: Partial<OutboundRequest>): Promise<OutboundResponse>;
}

export interface DeskOptions extends Omit<OutboundSettings, 'targets' | 'log'> {
  readonly resolver?: NameResolver;
  readonly random?: RandomSource;
  readonly storage?: Storage;
}

export const caller: Actor = systemActor('test');

/** Draws the largest number every time, so that each pause is as long as it may be. */
export const longestPauses: RandomSource = { bytes: (count) => new Uint8Array(count).fill(0xff) };

export async function outboundDesk(there: OutboundTarget, options: DeskOptions = {}): Promise<OutboundDesk> {
  const { resolver, random = cryptoRandom(), storage = sqlite({ file: ':memory:' }), ...settings } = options;
  const clock = new TestClock('2026-01-31T04:30:00.000Z');
  await storage.open();
  const vault = new Vault(await testKey.load());
  const { storeKeys, unitOfWork } = storage;
  const { hasher } = await openLookupKeys({ vault, storeKeys, unitOfWork, random: cryptoRandom() });
  const dataKeys = new DataKeyRing(vault, storage.dataKeys);
  const access = new AccessService({ users: storage.users, clock });
  const events: OutboundEvent[] = [];
  const pauses: number[] = [];
  const client = new OutboundClient(
    {
      access,
      unitOfWork,
      exchanges: storage.exchanges,
      budgets: storage.outboundBudgets,
      dataKeys,
      vault,
      hasher,
      time: businessTime(),
      clock,
      random,
      ids: uuidV7Source(clock, cryptoRandom()),
      delays: {
        async wait(millis, signal) {
          signal.throwIfAborted();
          pauses.push(millis);
          clock.advance(`${millis}ms`);
        },
      },
      ...(resolver === undefined ? {} : { resolver }),
    },
    { ...settings, targets: { there }, log: (event) => events.push(event) },
  );
  return {
    client,
    exchanges: new ExchangeService({ access, exchanges: storage.exchanges, dataKeys, vault, clock }),
    storage,
    dataKeys,
    clock,
    events,
    pauses,
    call: (request = {}) =>
      client.call(caller, { target: 'there', purpose: 'test', method: 'GET', path: '/', ...request }),
    async [Symbol.asyncDispose]() {
      await client.close();
      await storage.close();
    },
  };
}

/** A target on this machine without TLS. */
export function localTarget({ port }: { readonly port: number }, more: OutboundTarget = {}): OutboundTarget {
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    network: { allowInsecure: true, ports: [port], privateHosts: ['127.0.0.1'] },
    ...more,
  };
}
