import type { DefinitionStore } from '../fields/index.js';
import type { StageClearance, StageOccupants } from '../pipeline/index.js';
import { eachLimited } from './each-limited.js';
import type { LeadFactsStore } from './lead-facts-store.js';
import type { LeadService } from './lead-service.js';

const leadsAtOnce = 8;
const pageSize = 200;
const countedAtMost = 1_000_000;
/** A lead that changed while it was to be moved is found by a later pass. */
const mostPasses = 10;

export interface LeadOccupantsPorts {
  readonly facts: LeadFactsStore;
  /** Asked late, as leads themselves stand on the pipeline. */
  readonly leads: () => LeadService;
  /** Brings the read model up to date with all that was written so far, or throws. */
  readonly catchUp: () => Promise<unknown>;
  readonly definitions: Pick<DefinitionStore, 'awaitReaders'>;
}

/** Answers who stands in a stage, and moves them out of it when it is given up. */
export class LeadOccupants implements StageOccupants {
  readonly #facts: LeadFactsStore;
  readonly #leads: () => LeadService;
  readonly #catchUp: () => Promise<unknown>;
  readonly #definitions: Pick<DefinitionStore, 'awaitReaders'>;

  constructor(ports: LeadOccupantsPorts) {
    this.#facts = ports.facts;
    this.#leads = ports.leads;
    this.#catchUp = ports.catchUp;
    this.#definitions = ports.definitions;
  }

  arrived(): Promise<void> {
    return this.#definitions.awaitReaders();
  }

  async count(productLine: string, stage: string): Promise<number> {
    await this.#catchUp();
    return this.#facts.count({ scope: { everything: true }, productLine, stage: [stage] }, countedAtMost);
  }

  async moveAll(clearance: StageClearance): Promise<number> {
    await this.#catchUp();
    let moved = 0;
    for (let pass = 0; pass < mostPasses; pass += 1) {
      const inThisPass = await this.#movePass(clearance);
      moved += inThisPass;
      if (inThisPass === 0) break;
    }
    return moved;
  }

  async #movePass({ productLine, from, to, actor }: StageClearance): Promise<number> {
    let moved = 0;
    let after: string | null = null;
    for (;;) {
      const ids: readonly string[] = await this.#facts.idsInStage(productLine, from, after, pageSize);
      const changes = await eachLimited(ids, leadsAtOnce, (id) => this.#leads().relocate(actor, id, { from, to }));
      moved += changes.filter(Boolean).length;
      const last = ids.at(-1);
      if (last === undefined) return moved;
      after = last;
    }
  }
}
