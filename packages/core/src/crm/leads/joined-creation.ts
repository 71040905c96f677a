import type { Principal } from '../../foundation/access/index.js';
import { Coalescer } from '../../foundation/jobs/index.js';
import { LmsError } from '../../foundation/kernel/index.js';
import type { CreateItem, CreateOutcome } from './create-outcome.js';
import type { LeadCreation } from './lead-creation.js';
import type { OpenLead } from './lead-state.js';

/** What became of one lead; `made` is the lead itself where this very call made it. */
export interface JoinedOutcome {
  readonly outcome: CreateOutcome;
  readonly made: OpenLead | undefined;
}

interface Waiting {
  readonly principal: Principal;
  readonly item: CreateItem;
  result: JoinedOutcome | null;
}

/** More would keep the event loop busy for over 50 ms. */
const mostTogether = 64;

/**
 * Creates single leads, those of callers at once together: they share a unit, its statements and its commit, and each has an
 * outcome of its own. A lead that the store refuses fails alone; where the store is down all that wait fail.
 */
export class JoinedCreation {
  readonly #creation: LeadCreation;
  readonly #signal: AbortSignal | undefined;
  readonly #waiting: Coalescer<Waiting>;

  /** @param signal stops all that is created through this */
  constructor(creation: LeadCreation, signal?: AbortSignal) {
    this.#creation = creation;
    this.#signal = signal;
    this.#waiting = new Coalescer(mostTogether, (waiting) => this.#createAll(waiting));
  }

  async create(principal: Principal, item: CreateItem): Promise<JoinedOutcome> {
    const waiting: Waiting = { principal, item, result: null };
    await this.#waiting.add(waiting);
    if (waiting.result !== null) return waiting.result;
    throw new LmsError('INTERNAL', { message: 'a lead to create has no outcome' });
  }

  /** Leads of one actor make one unit. After a failure this is called again for each alone: what has its outcome is done. */
  async #createAll(waiting: readonly Waiting[]): Promise<void> {
    const groups = new Map<string, Waiting[]>();
    for (const one of waiting) {
      if (one.result !== null) continue;
      const actor = JSON.stringify([one.principal.actor, one.principal.scope]);
      const group = groups.get(actor);
      if (group === undefined) groups.set(actor, [one]);
      else group.push(one);
    }
    for (const group of groups.values()) await this.#createGroup(group);
  }

  async #createGroup(group: readonly Waiting[]): Promise<void> {
    const [first] = group;
    if (first === undefined) return;
    const items = group.map(({ item }) => item);
    const { outcomes, made } = await this.#creation.create({
      principal: first.principal,
      items,
      signal: this.#signal,
    });
    for (const [index, one] of group.entries()) {
      const outcome = outcomes[index];
      if (outcome !== undefined) one.result = { outcome, made: made.get(index) };
    }
  }
}
