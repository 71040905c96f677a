import type { StageClearance, StageOccupants } from '../pipeline/index.js';
import { eachLimited } from './each-limited.js';
import type { LeadFactsStore } from './lead-facts-store.js';
import type { LeadService } from './lead-service.js';

const leadsAtOnce = 8;
const pageSize = 200;
const countedAtMost = 1_000_000;
/** A lead made or moved in while the stage was being published is found by a later pass. */
const mostPasses = 10;

/** Answers who stands in a stage, and moves them out of it when it is given up. */
export class LeadOccupants implements StageOccupants {
  readonly #facts: LeadFactsStore;
  readonly #leads: () => LeadService;
  readonly #catchUp: () => Promise<unknown>;

  /**
   * @param leads asked late, as leads themselves stand on the pipeline
   * @param catchUp brings the read model up to date with what a crash left behind
   */
  constructor(facts: LeadFactsStore, leads: () => LeadService, catchUp: () => Promise<unknown>) {
    this.#facts = facts;
    this.#leads = leads;
    this.#catchUp = catchUp;
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
