import { type Clock, LmsError, toInstant, waitedMillis } from '../kernel/index.js';
import type { Outbox, Turns, Unit, UnitOfWork } from '../persistence/index.js';
import type { AuditChainStore, SealedPlace, SignedHead, TrailHead, UnsealedRow } from './audit-chain-store.js';
import { chainBeginning, chainHashOf } from './chain-hash.js';
import { checkedHead, hasMoved, headProblem } from './head-check.js';
import type { HeadKey } from './head-key.js';
import { rowsToSeal } from './rows-to-seal.js';

export interface TrailSealerPorts {
  readonly chain: AuditChainStore;
  readonly outbox: Pick<Outbox, 'waiting'>;
  readonly unitOfWork: UnitOfWork;
  readonly turns: Turns;
  readonly clock: Clock;
  /** Asked for once, when there is something to seal. */
  readonly openKey: () => Promise<HeadKey>;
}

/** What one round did. */
export interface SealRound {
  /** Rows that got their places. */
  readonly sealed: number;
  /** Whether another sealer was at work, and this one left it to it. */
  readonly busy: boolean;
}

interface SealedBatch {
  readonly sealed: number;
  /** Whether there may be more. */
  readonly more: boolean;
}

/** How the trail stands. */
export interface TrailHealth {
  /** False when the trail does not end where a head of this store says; then nothing is sealed. */
  readonly ok: boolean;
  /** Why it is not ok, in words; null when it is. */
  readonly problem: string | null;
  /** null before anything was sealed. */
  readonly head: TrailHead | null;
  /** Rows that wait to be sealed; at least so many where it is {@link mostUnsealedCounted}. */
  readonly unsealed: number;
  /** How long ago the first of them happened; 0 when none waits. */
  readonly unsealedForMillis: number;
}

const rowsABatch = 500;
const mostTries = 5;
const mostAtOnce = 10_000;
/** No more than these are counted. */
export const mostUnsealedCounted: number = 100_000;

/**
 * Gives the rows of the trail their places in the chain. Writers never wait for it: it takes rows that are committed, in batches, whenever
 * it is called. Any number may run at once, in any number of processes: the head is changed in the unit that gives the places, so the
 * chain has no gap and never forks, and a sealer that is killed leaves either a whole batch or none.
 */
export class TrailSealer {
  readonly #ports: TrailSealerPorts;
  #key: Promise<HeadKey> | null = null;

  constructor(ports: TrailSealerPorts) {
    this.#ports = ports;
  }

  /**
   * Seals at most `limit` rows that wait.
   * @throws LmsError `AUDIT_HEAD_INVALID` when the trail does not end where a head of this store says: somebody else has written the
   * head or rows after it, or has put an older head back. Nothing is sealed on top of that
   */
  async sealRound(limit: number = mostAtOnce): Promise<SealRound> {
    const { chain, turns } = this.#ports;
    if ((await chain.waiting(1)).count === 0) return { sealed: 0, busy: false };
    const key = await this.#openKey();
    let sealed = 0;
    const ran = await turns.alone('seal-trail', async () => {
      for (let more = true; more && sealed < limit; ) {
        const batch = await this.#sealBatch(key, Math.min(rowsABatch, limit - sealed));
        sealed += batch.sealed;
        more = batch.more;
      }
    });
    return { sealed, busy: !ran };
  }

  /** What to publish where whoever can write into this store cannot: {@link TrailHead}. */
  async head(): Promise<TrailHead | null> {
    const head = await this.#ports.chain.head(null);
    return head && shown(head);
  }

  async health(): Promise<TrailHealth> {
    const { chain, clock } = this.#ports;
    const { head, problem } = await checkedHead(chain, () => this.#openKey());
    const { count, oldestAt } = await chain.waiting(mostUnsealedCounted);
    return {
      ok: problem === null,
      problem,
      head: head && shown(head),
      unsealed: count,
      unsealedForMillis: waitedMillis(oldestAt, clock.now()),
    };
  }

  async #sealBatch(key: HeadKey, limit: number): Promise<SealedBatch> {
    for (let tries = 1; tries <= mostTries; tries += 1) {
      const batch = await this.#trySeal(key, limit);
      if (batch !== 'overtaken') return batch;
    }
    throw new LmsError('STORE_CONFLICT', { message: 'other sealers were faster; nothing was sealed here' });
  }

  #trySeal(key: HeadKey, limit: number): Promise<SealedBatch | 'overtaken'> {
    const { chain, unitOfWork } = this.#ports;
    return unitOfWork.run('ledger', async (unit: Unit) => {
      const head = await chain.head(unit);
      const problem = await headProblem(chain, () => Promise.resolve(key), { head, unit });
      if (problem !== null) {
        if (await hasMoved(chain, head)) return 'overtaken';
        throw oddHead(head, problem);
      }
      const { rows, more } = await rowsToSeal(this.#ports, unit, limit);
      if (rows.length === 0) return { sealed: 0, more };
      const { places, last } = placesOf(rows, head);
      // A clock that was put back makes a head older than the one before it; what orders heads is their position.
      const next = key.sign({ ...last, at: toInstant(this.#ports.clock.now()) });
      const after = head?.position ?? 0;
      return (await chain.extend(unit, { places, head: next, after })) ? { sealed: rows.length, more } : 'overtaken';
    });
  }

  #openKey(): Promise<HeadKey> {
    this.#key ??= this.#ports.openKey().catch((error: unknown) => {
      this.#key = null;
      throw error;
    });
    return this.#key;
  }
}

function placesOf(
  rows: readonly UnsealedRow[],
  head: SignedHead | null,
): { readonly places: readonly SealedPlace[]; readonly last: Omit<TrailHead, 'at'> } {
  let position = head?.position ?? 0;
  let prevHash = head?.chainHash ?? chainBeginning;
  const places: SealedPlace[] = [];
  for (const { id, payloadHash } of rows) {
    position += 1;
    const chainHash = chainHashOf({ position, prevHash, payloadHash });
    places.push({ id, position, prevHash, chainHash });
    prevHash = chainHash;
  }
  return { places, last: { position, chainHash: prevHash } };
}

function shown({ position, chainHash, at }: SignedHead): TrailHead {
  return { position, chainHash, at };
}

function oddHead(head: SignedHead | null, problem: string): LmsError {
  return new LmsError('AUDIT_HEAD_INVALID', {
    message: `nothing more is sealed in the trail: ${problem}; lms audit verify says more`,
    details: { position: head?.position ?? null },
  });
}
