import { z } from 'zod';
import type { FactsRebuilder, RebuildOptions, RebuildReport } from './crm/leads/index.js';
import type { AccessService } from './foundation/access/index.js';
import type { Relay } from './foundation/jobs/index.js';
import { type Actor, checkInput, isId } from './foundation/kernel/index.js';
import type { StoreHealth } from './store-health.js';

export interface StoreServicePorts {
  readonly access: AccessService;
  readonly relay: Relay;
  readonly rebuilder: FactsRebuilder;
  readonly health: () => Promise<StoreHealth>;
  /** @throws LmsError `LINE_NOT_FOUND` */
  readonly requireLine: (slug: string) => Promise<unknown>;
}

type Wanted = Pick<RebuildOptions, 'productLine' | 'after'>;

const wantedShape: z.ZodType<Wanted> = z.strictObject({
  productLine: z.string().min(1).max(64).exactOptional(),
  after: z.string().refine(isId, { error: 'expected the id of a lead, as an earlier run gave it' }).exactOptional(),
});

/** What keeps a store in order, for its admins. */
export class StoreService {
  readonly #ports: StoreServicePorts;

  constructor(ports: StoreServicePorts) {
    this.#ports = ports;
  }

  /** How far read models, trail and owners lag behind, and how old the last backup is. Needs `store.doctor`. @throws LmsError `PERMISSION_DENIED` */
  async health(actor: Actor): Promise<StoreHealth> {
    await this.#ports.access.require(actor, 'store.doctor');
    return this.#ports.health();
  }

  /**
   * Gives events that could not be projected another eight tries: at most 1,000 a home. Needs `store.rebuild`.
   * @returns how many; they are tried by the next round of a relay
   * @throws LmsError `PERMISSION_DENIED`
   */
  async retryStuck(actor: Actor): Promise<number> {
    await this.#ports.access.require(actor, 'store.rebuild');
    return this.#ports.relay.retryStuck();
  }

  /**
   * Writes boards, lists and the owners on leads anew from leads and placements, while others work. Needs `store.rebuild`.
   * See {@link FactsRebuilder} for what it promises.
   * @throws LmsError `PERMISSION_DENIED`, `LINE_NOT_FOUND`, `INPUT_INVALID`
   */
  async rebuildFacts(actor: Actor, options: RebuildOptions = {}): Promise<RebuildReport> {
    await this.#ports.access.require(actor, 'store.rebuild');
    const { signal, onProgress, ...rest } = options;
    const wanted = checkInput(wantedShape, rest, 'the read models cannot be rebuilt');
    if (wanted.productLine !== undefined) await this.#ports.requireLine(wanted.productLine);
    return this.#ports.rebuilder.run({
      ...wanted,
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
  }
}
