import type { AccessService } from '../../foundation/access/index.js';
import { type Actor, LmsError } from '../../foundation/kernel/index.js';
import { DataKeyRing } from '../../foundation/privacy/index.js';
import type { FieldSchemaEngine } from '../fields/index.js';
import type { MoveReason, PipelineReader } from '../pipeline/index.js';
import { addActivity, checkActivity, type NewActivity } from './add-activity.js';
import { changeEach, type LeadTarget } from './change-each.js';
import { requireCollaborators } from './collaborators.js';
import type { CommandOptions } from './command-options.js';
import { checkCompletion, completeTask, type TaskCompletion } from './complete-task.js';
import {
  type CheckOutcome,
  type CreateItem,
  type CreateOutcome,
  type DryRunClaims,
  noClaims,
} from './create-outcome.js';
import { deleteLead, restoreLead } from './delete-lead.js';
import { unlessHandedOver, untoldOutcomes, veiledOutcomes } from './holder-veil.js';
import { JoinedCreation } from './joined-creation.js';
import type { Lead, LeadActivity } from './lead.js';
import { type Board, type BoardRequest, readBoard } from './lead-board.js';
import { type ChangedLead, type ChangePorts, type ChangeRequest, LeadChanger, outcomeError } from './lead-change.js';
import { LeadCodec } from './lead-codec.js';
import { type CreationPorts, LeadCreation } from './lead-creation.js';
import { LeadDrafter } from './lead-drafter.js';
import type { LeadFactsStore } from './lead-facts-store.js';
import { type IntakeUpdate, LeadIntake } from './lead-intake.js';
import { type PagedList, pagedList } from './lead-list.js';
import { LeadLookup } from './lead-lookup.js';
import type { LeadQuery } from './lead-query.js';
import { LeadReader, type LeadSummary } from './lead-reader.js';
import { LineReader } from './line-reader.js';
import { checkInBatch, type ItemOutcome, itemOutcome } from './many-outcome.js';
import { checkMoveRequest, type MoveRequest, moveLead, refuseMove } from './move-lead.js';
import type { NewLead } from './new-lead.js';
import { nextNumber } from './next-number.js';
import { requestJson } from './request-json.js';
import { requireCreating } from './require-creating.js';
import { type MovePorts, reasonsAgainstMove } from './stage-consents.js';
import { checkPatch, type LeadPatch, updateLead } from './update-lead.js';

type Composed = 'codec' | 'lookup' | 'lines' | 'dataKeys';

/** What leads stand on. */
export interface LeadServicePorts extends Omit<CreationPorts, Composed>, Omit<ChangePorts, Composed>, MovePorts {
  readonly access: AccessService;
  readonly dataKeyStore: CreationPorts['dataKeys'];
  readonly facts: LeadFactsStore;
  readonly schemas: FieldSchemaEngine;
  readonly pipelines: PipelineReader;
}

/** A unit is checked and sealed in one go: more would keep the event loop busy for over 50 ms. */
const leadsAUnit = 100;

/**
 * Leads: made, read, changed, moved. Every method begins with who acts; what the actor may not see does not exist for it
 * (`LEAD_NOT_FOUND`), what it may not do is `PERMISSION_DENIED`. Each command is one unit of work: all of it happens or
 * nothing, and with an idempotency key it happens once.
 */
export class LeadService {
  readonly #ports: LeadServicePorts;
  readonly #creation: LeadCreation;
  readonly #joined: JoinedCreation;
  readonly #changer: LeadChanger;
  readonly #reader: LeadReader;
  readonly #lines: LineReader;
  readonly #codec: LeadCodec;
  readonly #dataKeys: DataKeyRing;
  readonly #lookup: LeadLookup;

  constructor(ports: LeadServicePorts) {
    this.#ports = ports;
    this.#codec = new LeadCodec(ports.vault, ports.hasher);
    this.#lines = new LineReader(ports.schemas, ports.pipelines);
    this.#dataKeys = new DataKeyRing(ports.vault, ports.dataKeyStore);
    this.#lookup = new LeadLookup(ports);
    const composed = {
      codec: this.#codec,
      lines: this.#lines,
      lookup: this.#lookup,
      dataKeys: this.#dataKeys,
    };
    this.#creation = new LeadCreation({ ...ports, ...composed, dataKeys: ports.dataKeyStore });
    this.#joined = new JoinedCreation(this.#creation);
    this.#changer = new LeadChanger({ ...ports, ...composed });
    this.#reader = new LeadReader({ ...ports, ...composed });
  }

  /**
   * Makes a lead: number, schema check, first stage with its tasks, CREATED activity and history entry, in one step; what the person
   * allows or forbids (`consents`, `contactBlocks`) is recorded with it, and not where the lead is refused. That needs `consent.manage` too.
   * @throws LmsError `LEAD_INVALID` naming every refused field, `LEAD_DUPLICATE` naming the holder if visible, `LINE_NOT_FOUND`, `LEAD_HANDED_OVER`
   * for a repeat; as `consents.give` for consents, with a path such as `consents.0.purpose`
   */
  async create(actor: Actor, lead: NewLead, options: CommandOptions = {}): Promise<Lead> {
    const { idempotencyKey, signal } = options;
    const item = idempotencyKey === undefined ? { lead } : { lead, idempotencyKey };
    const principal = await requireCreating(this.#ports.access, actor, [item]);
    // A caller who may stop has a unit of its own, so that stopping it stops nobody else.
    const joined = signal === undefined ? this.#joined : new JoinedCreation(this.#creation, signal);
    const { outcome, made } = await joined.create(principal, item);
    if (made !== undefined) return this.#reader.viewMade(actor, made);
    const [told = outcome] = await veiledOutcomes(this.#lookup, principal, [outcome]);
    if (told.kind === 'created') return this.#reader.get(actor, told.leadId).catch(unlessHandedOver(told));
    throw outcomeError(told);
  }

  /** Makes leads in units of 100; one outcome an item, in order. Aborting stops between units. At most 10,000 items. */
  async createMany(
    actor: Actor,
    items: readonly CreateItem[],
    options: Pick<CommandOptions, 'signal'> = {},
  ): Promise<readonly CreateOutcome[]> {
    checkInBatch(items, 10_000);
    const principal = await requireCreating(this.#ports.access, actor, items);
    const outcomes: CreateOutcome[] = [];
    for (let start = 0; start < items.length; start += leadsAUnit) {
      const part = items.slice(start, start + leadsAUnit);
      const done = await this.#creation.create({ principal, items: part, signal: options.signal });
      // The leads of the part are made: a look-up that fails now must not take their outcomes along.
      const told = veiledOutcomes(this.#lookup, principal, done.outcomes).catch(() => untoldOutcomes(done.outcomes));
      outcomes.push(...(await told));
    }
    return outcomes;
  }

  /** For making many leads of one line from drafts. @throws LmsError `PERMISSION_DENIED` */
  async intake(actor: Actor, productLine: string): Promise<LeadIntake> {
    const principal = await this.#ports.access.require(actor, 'leads.create');
    const drafter = new LeadDrafter(this.#ports);
    const update = (lead: string, patch: LeadPatch, how: IntakeUpdate): Promise<ItemOutcome> =>
      itemOutcome(lead, () => this.#update(actor, lead, patch, how));
    const stored = { creation: this.#creation, lines: this.#lines, lookup: this.#lookup };
    return new LeadIntake({ ...stored, drafter, principal, productLine, update });
  }

  /** What {@link create} would do, without writing. */
  async checkCreate(actor: Actor, lead: NewLead): Promise<CheckOutcome> {
    const [outcome] = await this.checkMany(actor, [{ lead }], noClaims);
    if (outcome === undefined) throw new LmsError('INTERNAL', { message: 'no outcome' });
    return outcome;
  }

  /** What {@link createMany} would do, without writing; `claims` carries what earlier calls of the dry run took. */
  async checkMany(actor: Actor, items: readonly CreateItem[], claims: DryRunClaims): Promise<readonly CheckOutcome[]> {
    checkInBatch(items, 1000);
    const principal = await requireCreating(this.#ports.access, actor, items);
    return veiledOutcomes(this.#lookup, principal, await this.#creation.check({ principal, items }, claims));
  }

  /** @param lead id or number. @throws LmsError `LEAD_NOT_FOUND` */
  get(actor: Actor, lead: string): Promise<Lead> {
    return this.#reader.get(actor, lead);
  }

  /** Leads the actor may see, newest first unless the query sorts otherwise. */
  list(actor: Actor, query: LeadQuery = {}): PagedList<LeadSummary> {
    return pagedList((request) => this.#reader.page(actor, query, request));
  }

  /** All activities of a lead, newest first. */
  activities(actor: Actor, lead: string): PagedList<LeadActivity> {
    return pagedList((request) => this.#reader.activities(actor, lead, request));
  }

  /** Columns with counts, value and first cards, from the read model. */
  board(actor: Actor, request: BoardRequest): Promise<Board> {
    const ports = {
      ...this.#ports,
      reader: this.#reader,
      lines: this.#lines,
      dataKeys: this.#dataKeys,
      codec: this.#codec,
    };
    return readBoard(actor, request, ports);
  }

  /**
   * Changes field values and labels. Null or empty text clears a field. Nothing to change raises no version.
   * @throws LmsError `LEAD_INVALID`, `LEAD_DUPLICATE`, `LEAD_VERSION_STALE`, `LEAD_DELETED`, `LEAD_NOT_FOUND`
   */
  update(actor: Actor, lead: string, patch: LeadPatch, options: CommandOptions = {}): Promise<Lead> {
    return this.#update(actor, lead, patch, { options });
  }

  async #update(
    actor: Actor,
    lead: string,
    patch: LeadPatch,
    { options = {}, dryRun = false, foundBy = [] }: Partial<IntakeUpdate> & { readonly options?: CommandOptions },
  ): Promise<Lead> {
    const checked = checkPatch(patch);
    await this.#ports.access.require(actor, 'leads.update');
    await requireCollaborators(this.#ports.users, checked.collaboratorIds);
    return this.#change(actor, lead, options, {
      permission: 'leads.update',
      operation: 'leads.update',
      request: requestJson(checked),
      dryRun,
      decide: (context) => updateLead(context, checked, { settings: this.#ports.settings, foundBy }),
    });
  }

  /** One outcome an item; a refused one does not stop the others. At most 1,000 items. */
  updateMany(
    actor: Actor,
    items: readonly (LeadTarget & { readonly patch: LeadPatch })[],
    options: Pick<CommandOptions, 'signal'> = {},
  ): Promise<readonly ItemOutcome[]> {
    return changeEach(items, options, (item, itemOptions) => this.update(actor, item.lead, item.patch, itemOptions));
  }

  /**
   * Moves a lead to another stage of the line's current pipeline.
   * @throws LmsError `MOVE_REFUSED` with every reason, `LEAD_DUPLICATE` when re-opening needs a value that another lead took
   */
  async move(actor: Actor, lead: string, request: MoveRequest, options: CommandOptions = {}): Promise<Lead> {
    const move = checkMoveRequest(request);
    return this.#change(actor, lead, options, {
      permission: 'leads.move',
      operation: 'leads.move',
      request: requestJson(move),
      decide: async (context) => {
        const pipeline = await this.#lines.pipelineForMove(context.lead.productLine, context.unit);
        refuseMove(context.lead, move.to, await reasonsAgainstMove(this.#ports, { ...context, pipeline, to: move.to }));
        return moveLead(context, move, pipeline);
      },
    });
  }

  /** One outcome an item; a refused one does not stop the others. At most 1,000 items. */
  moveMany(
    actor: Actor,
    items: readonly (LeadTarget & MoveRequest)[],
    options: Pick<CommandOptions, 'signal'> = {},
  ): Promise<readonly ItemOutcome[]> {
    return changeEach(items, options, ({ lead, expectedVersion: _version, ...move }, itemOptions) =>
      this.move(actor, lead, move, itemOptions),
    );
  }

  /** Every reason why {@link move} would refuse now; empty when it would not. Writes nothing. @throws LmsError `INPUT_INVALID` */
  async checkMove(actor: Actor, lead: string, to: string, comment?: string): Promise<readonly MoveReason[]> {
    const move = checkMoveRequest({ to, ...(comment === undefined ? {} : { comment }) });
    const state = await this.#reader.open(actor, 'leads.move', lead);
    const { pipeline } = await this.#lines.current(state.productLine);
    const schema = await this.#lines.schema(state.productLine, state.schemaVersion);
    return reasonsAgainstMove(this.#ports, { lead: state, schema, pipeline, to: move.to, unit: null });
  }

  /**
   * Completes (or skips) a task, by its id or by its template's slug among the tasks of the current stage.
   * @throws LmsError `TASK_NOT_FOUND`, `TASK_CLOSED`, `LEAD_INVALID` naming each refused value
   */
  async completeTask(
    actor: Actor,
    lead: string,
    task: string,
    completion: TaskCompletion = {},
    options: CommandOptions = {},
  ): Promise<Lead> {
    const checked = checkCompletion({ ...completion, task });
    return this.#change(actor, lead, options, {
      permission: 'tasks.complete',
      operation: 'leads.completeTask',
      request: requestJson(checked),
      decide: async (context) => {
        const { pipeline } = await this.#lines.current(context.lead.productLine, context.unit);
        return completeTask(context, checked, { pipeline, settings: this.#ports.settings });
      },
    });
  }

  /** Adds a note, call, mail, meeting or message. @throws LmsError `INPUT_INVALID` */
  async addActivity(actor: Actor, lead: string, activity: NewActivity, options: CommandOptions = {}): Promise<Lead> {
    const checked = checkActivity(activity);
    return this.#change(actor, lead, options, {
      permission: 'leads.note',
      operation: 'leads.addActivity',
      request: requestJson(checked),
      decide: (context) => addActivity(context, checked),
    });
  }

  /** Marks the lead deleted and gives its unique values back. Deleting twice is no error. */
  delete(actor: Actor, lead: string, options: CommandOptions = {}): Promise<Lead> {
    return this.#change(actor, lead, options, {
      permission: 'leads.delete',
      operation: 'leads.delete',
      request: {},
      deleted: 'accept',
      decide: deleteLead,
    });
  }

  /** Brings a deleted lead back. @throws LmsError `LEAD_NOT_DELETED`, `LEAD_DUPLICATE` naming who took its values */
  restore(actor: Actor, lead: string, options: CommandOptions = {}): Promise<Lead> {
    return this.#change(actor, lead, options, {
      permission: 'leads.restore',
      operation: 'leads.restore',
      request: {},
      deleted: 'accept',
      decide: restoreLead,
    });
  }

  /** Draws a lead number that no lead will get. */
  nextNumber(actor: Actor): Promise<string> {
    return nextNumber(this.#ports, actor);
  }

  /** Moves one lead out of a stage that is being given up, asking nothing. @returns false when it had left already */
  async relocate(actor: Actor, lead: string, move: { readonly from: string; readonly to: string }): Promise<boolean> {
    let leaves = false;
    await this.#changer.change({
      actor,
      lead,
      permission: 'stages.write',
      operation: 'stages.retire',
      request: {},
      options: {},
      deleted: 'accept',
      decide: async (context) => {
        leaves = context.lead.stage === move.from;
        if (!leaves) return null;
        const pipeline = await this.#lines.pipelineForMove(context.lead.productLine, context.unit);
        return moveLead(context, { to: move.to, cause: 'stage-retired' }, pipeline);
      },
    });
    return leaves;
  }

  async #change(
    actor: Actor,
    lead: string,
    options: CommandOptions,
    rest: Omit<ChangeRequest, 'actor' | 'lead' | 'options'>,
  ): Promise<Lead> {
    return this.#view(await this.#changer.change({ actor, lead, options, ...rest }));
  }

  #view({ stored, key, schema, principal }: ChangedLead): Lead {
    return this.#reader.view(stored, key, schema, principal.masked);
  }
}
