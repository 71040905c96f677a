import type { Principal, UserStore } from '../../foundation/access/index.js';
import { type Clock, type LeadId, LmsError, toInstant } from '../../foundation/kernel/index.js';
import {
  type Commands,
  commandRecord,
  type EventRecorder,
  type Numbers,
  replayOf,
  type Unit,
  type UnitOfWork,
} from '../../foundation/persistence/index.js';
import { type ConsentRules, type DataKeyStore, saidAtCreation, type Vault } from '../../foundation/privacy/index.js';
import { againWhenTaken, ValueTaken } from './again-when-taken.js';
import { settleRepeats, splitRepeats } from './batch-repeats.js';
import { requireCollaborators } from './collaborators.js';
import { claimedEarlier, contest, heldValues, named } from './contest.js';
import type { CheckOutcome, CreateItem, CreateOutcome, DryRunClaims, DuplicateHolder } from './create-outcome.js';
import { type CreatedLead, inOrder, type Opened, openLeads, refusal, textsOf } from './creation-results.js';
import type { DraftRequest } from './draft-request.js';
import type { HeldKeys } from './held-keys.js';
import { holdersOf, numbersOf } from './key-holders.js';
import type { LeadCodec } from './lead-codec.js';
import { createdEvent } from './lead-events.js';
import { leadNumber } from './lead-number.js';
import { carriedLead } from './lead-projections.js';
import type { OpenLead } from './lead-state.js';
import type { LeadStore, StoredLead } from './lead-store.js';
import { leadUnderRing } from './lead-under-ring.js';
import { DefinitionMoved, type LineDefinition, type LineReader } from './line-reader.js';
import { checkNewLead } from './new-lead.js';
import {
  authorOf,
  type KeyedItem,
  type LeadClaim,
  type LeadDraft,
  type PreparedLead,
  type PreparePorts,
  prepareLead,
  sealLead,
} from './prepare-lead.js';
import { saidWith } from './said-with-leads.js';

export interface CreationPorts extends PreparePorts {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly commands: Commands;
  readonly heldKeys: HeldKeys;
  readonly numbers: Numbers;
  readonly dataKeys: DataKeyStore;
  readonly leads: LeadStore;
  readonly lines: LineReader;
  readonly codec: LeadCodec;
  readonly users: Pick<UserStore, 'get'>;
  readonly termsReader: ConsentRules['termsReader'];
}

interface CreateRequest {
  readonly principal: Principal;
  readonly items: readonly CreateItem[];
  readonly signal?: AbortSignal | undefined;
}

export interface Creation {
  /** One an item, in order. */
  readonly outcomes: readonly CreateOutcome[];
  /** The leads that this call made (not those of a repeated key), by place in the request. */
  readonly made: ReadonlyMap<number, OpenLead>;
}

interface Saved {
  readonly outcomes: Outcomes<CreateOutcome>;
  readonly created: readonly CreatedLead[];
}

/** Outcomes by place in the request, as they become known. */
type Outcomes<Outcome> = Map<number, Outcome>;
type Settled = Exclude<CreateOutcome, { kind: 'created' }>;

const nothingSaved: Saved = { outcomes: new Map(), created: [] };
const definitionAttempts = 5;

/**
 * Creates leads, one unit a call: numbers, unique keys, leads, events and command records together or not at all. What people allow or
 * forbid is told in that unit, so it is recorded if the lead is. Each item has an outcome of its own; a bad one never takes others with it.
 */
export class LeadCreation {
  readonly #ports: CreationPorts;

  constructor(ports: CreationPorts) {
    this.#ports = ports;
  }

  async create(request: CreateRequest): Promise<Creation> {
    for (let attempt = 1; ; attempt += 1) {
      const { settled, prepared } = await this.#prepareAll(request);
      const opened = new Map<number, Opened>();
      const drafts = prepared.map((item): LeadDraft => {
        const { draft, key } = sealLead(item, this.#ports);
        opened.set(item.index, { state: item.state, key });
        return draft;
      });
      try {
        const { principal, signal } = request;
        const saved = drafts.length === 0 ? nothingSaved : await this.#save({ principal, signal, parts: [drafts] });
        return {
          outcomes: inOrder<CreateOutcome>(request.items, settled, saved.outcomes),
          made: openLeads(saved.created, drafts, opened),
        };
      } catch (error) {
        if (!(error instanceof DefinitionMoved)) throw error;
        if (attempt === definitionAttempts) {
          throw new LmsError('STORE_CONFLICT', {
            message: 'the product line or the look-up key kept being changed by others; try again',
          });
        }
      }
    }
  }

  /**
   * Creates drafts of one line, in one unit. @returns the outcome of each draft by its index
   * @throws DefinitionMoved when the line was published after the drafts were made; nothing is created then
   */
  async createDrafts(request: DraftRequest): Promise<ReadonlyMap<number, CreateOutcome>> {
    return (await this.#save(request)).outcomes;
  }

  /** The outcomes {@link create} would have, without writing. `claims` carries what earlier calls of a dry run took. */
  async check(request: CreateRequest, claims: DryRunClaims): Promise<readonly CheckOutcome[]> {
    const { settled, prepared } = await this.#prepareAll(request);
    const references = request.items.map((item, index) => item.reference ?? `item ${index + 1}`);
    return inOrder<CheckOutcome>(request.items, settled, await this.checkClaims(prepared, references, claims));
  }

  /**
   * The outcomes by index that leads would have which passed every check that needs no store.
   * @param references how a duplicate names an earlier item, by index
   */
  async checkClaims(
    prepared: readonly LeadClaim[],
    references: readonly string[],
    claims: DryRunClaims,
  ): Promise<ReadonlyMap<number, CheckOutcome>> {
    const replays: Outcomes<CreateOutcome> = new Map();
    const fresh = await this.#replay(null, prepared, replays);
    const outcomes: Outcomes<CheckOutcome> = new Map();
    for (const [index, outcome] of replays) {
      outcomes.set(index, outcome.kind === 'created' ? { kind: 'creatable', replayed: true } : outcome);
    }
    const { firsts, repeats } = splitRepeats(fresh);
    const holders = await holdersOf(this.#ports, null, firsts);
    const numbers = await numbersOf(this.#ports, null, [...holders.values()]);
    for (const item of firsts) {
      const held = [...named(item, heldValues(item, holders), numbers), ...claimedEarlier(item, claims)];
      if (held.length > 0) {
        outcomes.set(item.index, { kind: 'duplicate', holders: held });
        continue;
      }
      for (const key of item.keys) claims.claim(key, references[item.index] ?? '');
      outcomes.set(item.index, { kind: 'creatable', replayed: false });
    }
    settleRepeats(repeats, outcomes, this.#ports.clock);
    return outcomes;
  }

  /**
   * Who holds the unique values of leads: leads of the store, then earlier items of a dry run. @returns by index; who has none
   * is left out
   */
  async holders(
    items: readonly KeyedItem[],
    claims: DryRunClaims,
  ): Promise<ReadonlyMap<number, readonly DuplicateHolder[]>> {
    const holders = await holdersOf(this.#ports, null, items);
    const numbers = await numbersOf(this.#ports, null, [...holders.values()]);
    const found = new Map<number, readonly DuplicateHolder[]>();
    for (const item of items) {
      const held = [...named(item, heldValues(item, holders), numbers), ...claimedEarlier(item, claims)];
      if (held.length > 0) found.set(item.index, held);
    }
    return found;
  }

  async #prepareAll(
    request: CreateRequest,
  ): Promise<{ settled: Outcomes<Settled>; prepared: readonly PreparedLead[] }> {
    const lines = new Map<string, LineDefinition>();
    const settled: Outcomes<Settled> = new Map();
    const prepared: PreparedLead[] = [];
    const author = authorOf(request.principal);
    const terms = this.#ports.termsReader();
    for (const [index, item] of request.items.entries()) {
      try {
        const lead = checkNewLead(item.lead);
        const line = lines.get(lead.productLine) ?? (await this.#ports.lines.current(lead.productLine));
        lines.set(lead.productLine, line);
        await requireCollaborators(this.#ports.users, lead.collaboratorIds);
        const now = this.#ports.clock.now();
        const place = { index, line, author, now, said: await saidAtCreation(lead, terms, toInstant(now)) };
        const made = prepareLead({ ...item, lead }, place, this.#ports);
        if ('problems' in made) settled.set(index, { kind: 'rejected', problems: made.problems });
        else prepared.push(made);
      } catch (error) {
        settled.set(index, { kind: 'refused', error: refusal(error) });
      }
    }
    return { settled, prepared };
  }

  #save({ principal, parts, signal, alongside, onFollowing }: DraftRequest): Promise<Saved> {
    const save = async (unit: Unit): Promise<Saved> => {
      const outcomes: Outcomes<CreateOutcome> = new Map();
      const created: CreatedLead[] = [];
      const current = new Set<LineDefinition>();
      for (const drafts of parts) {
        await this.#requireCurrentLines(unit, drafts, current);
        created.push(...(await this.#savePart(unit, principal, drafts, outcomes)));
      }
      await alongside?.(unit, created);
      return { outcomes, created };
    };
    const options = {
      ...(signal === undefined ? {} : { signal }),
      ...(onFollowing === undefined ? {} : { onFollowing }),
    };
    return againWhenTaken(() => this.#ports.unitOfWork.run('documents', save, options));
  }

  async #savePart(
    unit: Unit,
    principal: Principal,
    drafts: readonly LeadDraft[],
    outcomes: Outcomes<CreateOutcome>,
  ): Promise<readonly CreatedLead[]> {
    const fresh = await this.#replay(unit, drafts, outcomes);
    const { firsts, repeats } = splitRepeats(fresh);
    const { winners, losers } = contest(firsts, await holdersOf(this.#ports, unit, firsts));
    const created = await this.#insert(unit, principal, winners);
    for (const { index, id, number } of created) {
      outcomes.set(index, { kind: 'created', leadId: id, number, replayed: false });
    }
    const numbers = await numbersOf(
      this.#ports,
      unit,
      losers.flatMap(({ held }) => held.map(({ holderId }) => holderId)),
    );
    // Where each statement sees the last commits, the holder may be what the same key has made since the first look.
    const lost = new Set(
      await this.#replay(
        unit,
        losers.map(({ item }) => item),
        outcomes,
      ),
    );
    for (const { item, held } of losers) {
      if (lost.has(item)) outcomes.set(item.index, { kind: 'duplicate', holders: named(item, held, numbers) });
    }
    settleRepeats(repeats, outcomes, this.#ports.clock);
    return created;
  }

  /** @param current lines that were found current in this unit, which need not be read again */
  async #requireCurrentLines(unit: Unit, prepared: readonly LeadClaim[], current: Set<LineDefinition>): Promise<void> {
    for (const { line } of prepared) {
      if (current.has(line)) continue;
      if (!(await this.#ports.lines.isCurrent(unit, line))) throw new DefinitionMoved('the product line was published');
      current.add(line);
    }
  }

  /** Settles items whose idempotency key took effect before; gives back the others. */
  async #replay<Item extends LeadClaim>(
    unit: Unit | null,
    prepared: readonly Item[],
    outcomes: Outcomes<CreateOutcome>,
  ): Promise<readonly Item[]> {
    const keyed = prepared.flatMap((item) => item.command ?? []);
    const scope = keyed[0]?.scope;
    if (scope === undefined) return prepared;
    const keys = keyed.map((command) => command.key);
    const records = await this.#ports.commands.find(unit, 'documents', scope, keys);
    const recordOf = new Map(records.map((record) => [record.key, record]));
    const numbers = await numbersOf(
      this.#ports,
      unit,
      records.map((record) => record.aggregateId),
    );
    return prepared.filter((item) => {
      if (item.command === null) return true;
      try {
        const record = replayOf(item.command, recordOf.get(item.command.key), this.#ports.clock);
        if (record === null) return true;
        const leadId = record.aggregateId as LeadId;
        outcomes.set(item.index, { kind: 'created', leadId, number: numbers.get(leadId) ?? '', replayed: true });
      } catch (error) {
        outcomes.set(item.index, { kind: 'refused', error: refusal(error) });
      }
      return false;
    });
  }

  async #insert(unit: Unit, principal: Principal, winners: readonly LeadDraft[]): Promise<readonly CreatedLead[]> {
    if (winners.length === 0) return [];
    const { heldKeys, dataKeys, leads, events, commands, clock } = this.#ports;
    const ring = await heldKeys.ring(unit);
    const created = await this.#numbered(unit, winners);
    const claims = winners.flatMap((item) => item.keys.map((key) => ({ ...key, holderId: item.leadId })));
    const conflicts = claims.length === 0 ? [] : await heldKeys.claim(unit, claims);
    if (conflicts.length > 0) throw new ValueTaken();
    const sealed = { keys: winners.map((item) => item.dataKey), leads: created.map(({ lead }) => lead) };
    await dataKeys.insert(unit, sealed.keys);
    await leads.insert(unit, sealed.leads, textsOf(winners, ring));
    const said = saidWith(winners, principal);
    await events.record(
      unit,
      [...created.map(({ lead, item }) => createdEvent(lead, item.shown, principal)), ...said.events],
      new Map([...created.map(({ lead }) => carriedLead(lead)), ...said.carried]),
    );
    const records = winners.flatMap(({ command, leadId }) =>
      command === null ? [] : [commandRecord(command, { kind: 'lead', id: leadId, version: 1 }, clock)],
    );
    if (records.length > 0) await commands.record(unit, records);
    return created.map(({ item, lead: { id, number, numberMonth, numberSeq } }) => ({
      index: item.index,
      id,
      number,
      numberMonth,
      numberSeq,
    }));
  }

  async #numbered(
    unit: Unit,
    winners: readonly LeadDraft[],
  ): Promise<readonly { readonly item: LeadDraft; readonly lead: StoredLead }[]> {
    const { numbers, settings, clock, heldKeys } = this.#ports;
    const ring = await heldKeys.ring(unit);
    const month = settings.month(clock.now());
    const first = await numbers.draw(numbers.inUnit ? unit : null, month, winners.length);
    return winners.map((item, at) => {
      const numbering = { numberMonth: month, numberSeq: first + at, number: leadNumber(month, first + at) };
      return { item, lead: leadUnderRing({ ...item.lead, ...numbering }, ring) };
    });
  }
}
