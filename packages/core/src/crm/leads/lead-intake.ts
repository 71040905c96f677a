import type { Principal } from '../../foundation/access/index.js';
import type { LeadId } from '../../foundation/kernel/index.js';
import type { CheckOutcome, CreateOutcome, DryRunClaims, DuplicateHolder } from './create-outcome.js';
import type { DraftRequest } from './draft-request.js';
import { veiledOutcomes } from './holder-veil.js';
import type { LeadCreation } from './lead-creation.js';
import type { LeadDrafter } from './lead-drafter.js';
import type { LeadLookup } from './lead-lookup.js';
import type { LineDefinition, LineReader } from './line-reader.js';
import type { ItemOutcome } from './many-outcome.js';
import { PendingClaims } from './pending-claims.js';
import { authorOf, type KeyedItem, type LeadAuthor, type LeadClaim } from './prepare-lead.js';
import type { LeadPatch } from './update-lead.js';

export interface IntakeUpdate {
  readonly dryRun: boolean;
  /** The fields of each unique rule by which the lead was found: it must still have the values of one of them. */
  readonly foundBy: readonly (readonly string[])[];
}

export interface IntakePorts {
  readonly creation: LeadCreation;
  readonly lookup: LeadLookup;
  readonly drafter: LeadDrafter;
  readonly lines: LineReader;
  readonly principal: Principal;
  readonly productLine: string;
  /** Updates one lead in the name of the same actor. */
  readonly update: (lead: LeadId, patch: LeadPatch, options: IntakeUpdate) => Promise<ItemOutcome>;
}

/**
 * Leads of one product line, made by one actor from drafts: what checks and seals is apart from what stores, so that an
 * import can do the first on another thread.
 */
export class LeadIntake {
  readonly #ports: IntakePorts;
  readonly drafter: LeadDrafter;
  readonly author: LeadAuthor;

  constructor(ports: IntakePorts) {
    this.#ports = ports;
    this.drafter = ports.drafter;
    this.author = authorOf(ports.principal);
  }

  /** The line as it stands now. @throws LmsError `LINE_NOT_FOUND` */
  line(): Promise<LineDefinition> {
    return this.#ports.lines.current(this.#ports.productLine);
  }

  /**
   * Stores drafts in one unit. Of two drafts with the same unique value the first is created. @returns outcomes by index
   * @throws DefinitionMoved when the line was published since the drafts were made; nothing is stored then
   */
  async create(request: Omit<DraftRequest, 'principal'>): Promise<ReadonlyMap<number, CreateOutcome>> {
    const { creation, principal } = this.#ports;
    return this.#veiled(await creation.createDrafts({ ...request, principal }));
  }

  /** Who holds the unique values of items that are not to be created, by index. */
  async holders(
    items: readonly KeyedItem[],
    claims: DryRunClaims,
  ): Promise<ReadonlyMap<number, readonly DuplicateHolder[]>> {
    const found = await this.#ports.creation.holders(items, claims);
    const duplicates = [...found].map(([index, holders]) => [index, { kind: 'duplicate', holders }] as const);
    const told = await this.#veiled(new Map(duplicates));
    return new Map([...told].map(([index, { holders }]) => [index, holders]));
  }

  /** Changes one lead, or with `dryRun` says whether it could be changed. What refuses it is its outcome. */
  update(lead: LeadId, patch: LeadPatch, options: IntakeUpdate): Promise<ItemOutcome> {
    return this.#ports.update(lead, patch, options);
  }

  /**
   * The outcomes that {@link create} would have, without writing. A call that fails has claimed nothing, so it may be repeated.
   * @param references name the drafts, by index
   */
  async check(
    drafts: readonly LeadClaim[],
    references: readonly string[],
    claims: DryRunClaims,
  ): Promise<ReadonlyMap<number, CheckOutcome>> {
    const pending = new PendingClaims(claims);
    const outcomes = await this.#veiled(await this.#ports.creation.checkClaims(drafts, references, pending));
    pending.keep();
    return outcomes;
  }

  /** Those of the numbers whose leads the actor may see. */
  visibleNumbers(numbers: readonly string[]): Promise<ReadonlySet<string>> {
    const { lookup, principal } = this.#ports;
    return lookup.visibleNumbers(principal, 'leads.read', numbers);
  }

  async #veiled<Outcome extends CreateOutcome | CheckOutcome>(
    outcomes: ReadonlyMap<number, Outcome>,
  ): Promise<ReadonlyMap<number, Outcome>> {
    const { lookup, principal } = this.#ports;
    const duplicates = [...outcomes].filter(([, { kind }]) => kind === 'duplicate');
    if (duplicates.length === 0) return outcomes;
    const veiled = new Map(outcomes);
    const told = await veiledOutcomes(
      lookup,
      principal,
      duplicates.map(([, outcome]) => outcome),
    );
    for (const [at, outcome] of told.entries()) {
      const index = duplicates[at]?.[0];
      if (index !== undefined) veiled.set(index, outcome);
    }
    return veiled;
  }
}
