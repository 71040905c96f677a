import type { LeadId } from '../../foundation/kernel/index.js';
import type { Unit, UnitOfWork } from '../../foundation/persistence/index.js';
import type { LeadFactsStore } from './lead-facts-store.js';
import { factsOf } from './lead-projections.js';
import type { LeadStore, PlacementProjection, StoredLead } from './lead-store.js';

/** Who has leads, as the ledger says; assignment answers. */
export interface CurrentPlacements {
  /** The newest placement of each lead that ever had one, over or not. */
  current(unit: Unit | null, leadIds: readonly LeadId[]): Promise<ReadonlyMap<LeadId, PlacementProjection>>;
}

/** Placements that leads speak of and the ledger does not know; assignment answers. */
export interface LostPlacements {
  /**
   * Gives placements back to leads that say they have an owner and of which the ledger has none, where it is lost and not merely on its way.
   * An owner who could not be given the lead now is taken from it instead. Two callers at once give each back once.
   * @returns how many were given back or taken
   */
  restore(leads: readonly StoredLead[]): Promise<number>;
}

export interface FactsRebuilderPorts {
  readonly unitOfWork: UnitOfWork;
  readonly leads: Pick<LeadStore, 'scan' | 'get' | 'correctPlacement'>;
  readonly facts: LeadFactsStore;
  readonly placements: CurrentPlacements;
  readonly lost: LostPlacements;
  /** Projects what waits now. */
  readonly catchUp: () => Promise<unknown>;
}

export interface RebuildOptions {
  /** Leads of this product line alone; of all when absent. */
  readonly productLine?: string;
  /** Goes on where an earlier run stopped: its {@link RebuildReport.after}. */
  readonly after?: string;
  /** Stops between two batches. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (report: RebuildReport) => void;
}

export interface RebuildReport {
  /** Leads whose rows were written anew. */
  readonly rebuilt: number;
  /** Rows that belonged to no lead. */
  readonly removed: number;
  /** Leads whose own owner or partner was not that of their placement, and now is; and those whose placement was lost. */
  readonly owners: number;
  /** Totals of boards that were not what the leads count, and now are: looked at in the end. */
  readonly totals: number;
  /** Everything up to this lead is done; null before the first. */
  readonly after: string | null;
  /** False when it was stopped: the same call with `after` goes on. */
  readonly finished: boolean;
}

type Count = { -readonly [Name in 'rebuilt' | 'removed' | 'owners' | 'totals']: number };

/** As many as keep the event loop of an embedded store busy for well under 50 ms. */
const batchSize = 100;

/**
 * Writes the read model of leads anew from the leads and their placements: `lead_facts`, stays, field index, collaborators; and owner and
 * partner on the leads from the placements; placements that a ledger lost from the owners on the leads. Writers go on meanwhile: the rows of a batch are locked before the leads are read, so what is
 * written is never older than what a projection wrote, and later projections come after. Doing it twice, in two processes, or again
 * after a crash changes nothing.
 */
export class FactsRebuilder {
  readonly #ports: FactsRebuilderPorts;

  constructor(ports: FactsRebuilderPorts) {
    this.#ports = ports;
  }

  /** @throws LmsError when a server is down; what was done until then stays */
  async run(options: RebuildOptions = {}): Promise<RebuildReport> {
    await this.#ports.catchUp();
    const { signal, onProgress } = options;
    const count: Count = { rebuilt: 0, removed: 0, owners: 0, totals: 0 };
    let after = (options.after ?? null) as LeadId | null;
    for (;;) {
      if (signal?.aborted === true) return { ...count, after, finished: false };
      const leads = await this.#ports.leads.scan(after, batchSize);
      const last = leads.length < batchSize ? null : (leads.at(-1)?.id ?? null);
      await this.#rebuild(leads, options, count);
      await this.#removeStrays({ after, upTo: last }, options, count);
      if (last === null) {
        count.totals += await this.#ports.facts.recountTotals();
        const report = { ...count, after: leads.at(-1)?.id ?? after, finished: true };
        onProgress?.(report);
        return report;
      }
      after = last;
      onProgress?.({ ...count, after, finished: false });
    }
  }

  async #rebuild(scanned: readonly StoredLead[], { productLine }: RebuildOptions, count: Count): Promise<void> {
    const wanted = scanned.filter((lead) => productLine === undefined || lead.productLine === productLine);
    if (wanted.length === 0) return;
    const ids = wanted.map(({ id }) => id);
    count.owners += await this.#ports.lost.restore(wanted);
    await this.#writeRows(ids);
    count.rebuilt += ids.length;
    count.owners += await this.#correctOwners(wanted);
  }

  /** @returns how many of them are no leads */
  #writeRows(ids: readonly LeadId[]): Promise<number> {
    const { unitOfWork, leads, facts, placements } = this.#ports;
    return unitOfWork.run('ledger', async (unit) => {
      await facts.lock(unit, ids);
      const found = await leads.get(unit.bothHomes ? unit : null, ids);
      const placed = await placements.current(unit, ids);
      await facts.overwrite(
        unit,
        found.map((lead) => ({ facts: factsOf(lead), placement: placed.get(lead.id) ?? unplaced(lead.id) })),
      );
      const known = new Set(found.map(({ id }) => id));
      const strays = ids.filter((id) => !known.has(id));
      if (strays.length > 0) await facts.remove(unit, strays);
      return strays.length;
    });
  }

  async #removeStrays(
    range: { readonly after: LeadId | null; readonly upTo: LeadId | null },
    { productLine }: RebuildOptions,
    count: Count,
  ): Promise<void> {
    const line = productLine === undefined ? {} : { productLine };
    let { after } = range;
    for (;;) {
      const rows = await this.#ports.facts.idsBetween({ ...range, ...line, after }, batchSize);
      const known = new Set((await this.#ports.leads.get(null, rows)).map(({ id }) => id));
      const strays = rows.filter((id) => !known.has(id));
      if (strays.length > 0) count.removed += await this.#writeRows(strays);
      const last = rows.at(-1);
      if (last === undefined || rows.length < batchSize) return;
      after = last;
    }
  }

  /** Leads are looked at first, as a rule nothing is wrong; those that are get a unit, in which they are read again. */
  async #correctOwners(scanned: readonly StoredLead[]): Promise<number> {
    const suspects = (await this.#wronglyOwned(null, scanned)).map(({ lead }) => lead.id);
    if (suspects.length === 0) return 0;
    const { unitOfWork, leads } = this.#ports;
    return unitOfWork.run('documents', async (unit) => {
      let corrected = 0;
      for (const { lead, placement } of await this.#wronglyOwned(unit, await leads.get(unit, suspects))) {
        if (await leads.correctPlacement(unit, placement, lead.placementVersion)) corrected += 1;
      }
      return corrected;
    });
  }

  /** The placements are read after the leads, so they are never older than what a lead says. */
  async #wronglyOwned(
    unit: Unit | null,
    leads: readonly StoredLead[],
  ): Promise<readonly { readonly lead: StoredLead; readonly placement: PlacementProjection }[]> {
    const ids = leads.map(({ id }) => id);
    const placed = await this.#ports.placements.current(unit?.bothHomes === true ? unit : null, ids);
    return leads.flatMap((lead) => {
      const placement = placed.get(lead.id) ?? placementBefore(lead);
      return placement === null || isSame(lead, placement) ? [] : [{ lead, placement }];
    });
  }
}

/** A lead that says it was placed, and whose placement is not in the ledger, is left as it is. */
function placementBefore(lead: StoredLead): PlacementProjection | null {
  return lead.placementVersion === 0 ? unplaced(lead.id) : null;
}

function unplaced(leadId: LeadId): PlacementProjection {
  return { leadId, ownerId: null, team: null, partner: null, placementVersion: 0 };
}

function isSame(lead: StoredLead, { ownerId, partner, placementVersion }: PlacementProjection): boolean {
  return lead.ownerId === ownerId && lead.partner === partner && lead.placementVersion === placementVersion;
}
