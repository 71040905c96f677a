import type { AccessService, Permission, Principal } from '../../foundation/access/index.js';
import {
  type Actor,
  type Clock,
  type IdSource,
  type Instant,
  type Json,
  type LeadId,
  LmsError,
  toInstant,
} from '../../foundation/kernel/index.js';
import {
  type Commands,
  commandKey,
  commandRecord,
  type EventRecorder,
  replayOf,
  type Unit,
  type UnitOfWork,
} from '../../foundation/persistence/index.js';
import {
  type DataKey,
  type DataKeyRing,
  type ErasedKey,
  isErased,
  type LookupHasher,
} from '../../foundation/privacy/index.js';
import type { LineSchema } from '../fields/index.js';
import type { CommandOptions } from './command-options.js';
import { named } from './contest.js';
import type { CreateOutcome, DuplicateHolder } from './create-outcome.js';
import type { HeldKeys } from './held-keys.js';
import { holderText, veiledHolders } from './holder-veil.js';
import { numbersOf } from './key-holders.js';
import { withActivities } from './lead-activities.js';
import type { LeadCodec } from './lead-codec.js';
import { type LeadChangeEvent, leadEvent } from './lead-events.js';
import { uniqueKeysOf } from './lead-keys.js';
import type { LeadLookup } from './lead-lookup.js';
import { carriedLead } from './lead-projections.js';
import { refuseErased, restingShell } from './lead-shell.js';
import type { LeadState } from './lead-state.js';
import type { LeadStore, StoredActivity, StoredLead } from './lead-store.js';
import { leadUnderRing } from './lead-under-ring.js';
import { DefinitionMoved, type LineReader } from './line-reader.js';
import { hashedRequest } from './request-json.js';

/** What a command decides from: the lead as it stands inside the unit. */
export interface ChangeContext {
  readonly lead: LeadState;
  readonly schema: LineSchema;
  readonly principal: Principal;
  readonly unit: Unit;
  readonly now: number;
  readonly at: Instant;
  /** Seals text under the lead's own key. */
  readonly seal: (text: string) => string;
  readonly nextId: () => string;
}

/** What a command decided; null when there is nothing to do. */
export interface LeadChange {
  readonly state: LeadState;
  readonly activities: readonly StoredActivity[];
  readonly event: LeadChangeEvent;
}

export interface ChangeRequest {
  readonly actor: Actor;
  /** Id or number. */
  readonly lead: string;
  readonly permission: Permission;
  /** Such as `leads.move`. */
  readonly operation: string;
  /** The request, for comparing repeats of an idempotency key. */
  readonly request: Json;
  readonly options: CommandOptions;
  /** Accepting takes erased leads, too. */
  readonly deleted?: 'refuse' | 'accept';
  /** Goes the whole way and then takes everything back. */
  readonly dryRun?: boolean;
  /** Decides the change; throws what refuses it. Called again when the unit is repeated. */
  readonly decide: (context: ChangeContext) => LeadChange | null | Promise<LeadChange | null>;
}

export interface ChangePorts {
  readonly access: AccessService;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly commands: Commands;
  readonly heldKeys: HeldKeys;
  readonly dataKeys: DataKeyRing;
  readonly leads: LeadStore;
  readonly lookup: LeadLookup;
  readonly lines: LineReader;
  readonly hasher: LookupHasher;
  readonly codec: LeadCodec;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** A lead as a change left it. */
export interface ChangedLead {
  readonly stored: StoredLead;
  readonly state: LeadState;
  readonly schema: LineSchema;
  readonly key: DataKey | ErasedKey;
  readonly principal: Principal;
}

const collisionAttempts = 10;

/** Ends the unit of a dry run, so that nothing of it stays. */
class TakenBack extends Error {
  readonly changed: ChangedLead | 'stale';

  constructor(changed: ChangedLead | 'stale') {
    super('a dry run ends without a commit');
    this.changed = changed;
  }
}

/** Ends the unit of a lead that wants values of others: who they are is told, as far as it may be, after it. */
class ValuesHeld extends Error {
  readonly holders: readonly DuplicateHolder[];

  constructor(holders: readonly DuplicateHolder[]) {
    super('other leads hold values of this lead');
    this.holders = holders;
  }
}

/**
 * Changes one lead: load, check who and which version, decide, save, tell; all in one unit. Of two callers at once both take
 * effect one after the other, unless they gave the version they expect: then the later one gets `LEAD_VERSION_STALE`.
 */
export class LeadChanger {
  readonly #ports: ChangePorts;

  constructor(ports: ChangePorts) {
    this.#ports = ports;
  }

  async change(request: ChangeRequest): Promise<ChangedLead> {
    const principal = await this.#ports.access.require(request.actor, request.permission);
    const id = await this.#ports.lookup.visibleId(principal, request.permission, request.lead);
    for (let attempt = 1; ; attempt += 1) {
      const changed = await this.#inUnit(request, principal, id).catch(async (error: unknown) => {
        if (error instanceof TakenBack) return error.changed;
        if (error instanceof DefinitionMoved) return 'stale' as const;
        if (!(error instanceof ValuesHeld)) throw error;
        throw duplicateError(await veiledHolders(this.#ports.lookup, principal, error.holders));
      });
      if (changed !== 'stale') return changed;
      if (attempt === collisionAttempts) {
        throw new LmsError('STORE_CONFLICT', { message: `lead ${request.lead} kept changing; try again` });
      }
    }
  }

  #inUnit(request: ChangeRequest, principal: Principal, id: LeadId): Promise<ChangedLead | 'stale'> {
    const { signal } = request.options;
    return this.#ports.unitOfWork.run(
      'documents',
      async (unit) => {
        const opened = await this.#open(unit, id);
        if (await this.#replayed(unit, request, principal, id)) return { ...opened, principal };
        refuseStale(opened.state, request.options.expectedVersion);
        if (request.deleted !== 'accept') {
          refuseErased(opened.state, opened.key);
          refuseDeleted(opened.state);
        }
        const changed = await this.#decideAndSave(unit, request, principal, opened);
        if (request.dryRun === true) throw new TakenBack(changed);
        return changed;
      },
      { contends: `lead:${id}`, ...(signal === undefined ? {} : { signal }) },
    );
  }

  async #open(unit: Unit, id: LeadId): Promise<Omit<ChangedLead, 'principal'>> {
    const stored = await this.#ports.leads.getForChange(unit, id);
    if (stored === null) throw new LmsError('LEAD_NOT_FOUND', { message: `there is no lead ${id}` });
    const schema = await this.#ports.lines.schema(stored.productLine, stored.schemaVersion, unit);
    const key = await this.#ports.dataKeys.keptKey(unit, 'lead', id);
    return { stored, schema, key, state: this.#ports.codec.open(stored, schema, key) };
  }

  async #replayed(unit: Unit, request: ChangeRequest, principal: Principal, id: LeadId): Promise<boolean> {
    const command = this.#commandOf(request, principal, id);
    if (command === null) return false;
    const [record] = await this.#ports.commands.find(unit, 'documents', command.scope, [command.key]);
    return replayOf(command, record, this.#ports.clock) !== null;
  }

  async #decideAndSave(
    unit: Unit,
    request: ChangeRequest,
    principal: Principal,
    opened: Omit<ChangedLead, 'principal'>,
  ): Promise<ChangedLead | 'stale'> {
    const { clock, codec, leads, events, heldKeys } = this.#ports;
    const { state, schema, key } = opened;
    const now = clock.now();
    const at = toInstant(now);
    const seal = (text: string): string => {
      refuseErased(state, key);
      return codec.sealText(key, text);
    };
    const nextId = (): string => this.#ports.ids.next();
    const change = await request.decide({ lead: state, schema, principal, unit, now, at, seal, nextId });
    if (change === null) {
      await this.#remember(unit, request, principal, state);
      return { ...opened, principal };
    }

    const { state: next, moved } = withActivities(
      { ...change.state, version: state.version + 1, updatedAt: at, updatedBy: principal.ref },
      change.activities,
    );
    await this.#exchangeKeys(unit, schema, next);
    const left: DataKey | ErasedKey = next.erasedAt === undefined ? key : { destroyedAt: next.erasedAt };
    const sealed = isErased(left) ? restingShell(next) : codec.seal(next, schema, left);
    const stored = leadUnderRing(sealed, await heldKeys.ring(unit));
    if (!(await leads.replace(unit, stored, state.version))) return 'stale';
    if (moved.length > 0) await leads.appendActivities(unit, state.id, moved);
    await events.record(unit, [leadEvent(stored, principal, change.event)], new Map([carriedLead(stored)]));
    await this.#remember(unit, request, principal, stored);
    return { stored, state: next, schema, key: left, principal };
  }

  /** Also when there was nothing to do: a repeat must not do then what the first call did not. */
  async #remember(
    unit: Unit,
    request: ChangeRequest,
    principal: Principal,
    { id, version }: Pick<StoredLead, 'id' | 'version'>,
  ): Promise<void> {
    const command = this.#commandOf(request, principal, id);
    if (command === null) return;
    const { commands, clock } = this.#ports;
    await commands.record(unit, [commandRecord(command, { kind: 'lead', id, version }, clock)]);
  }

  #commandOf(request: ChangeRequest, principal: Principal, id: LeadId): ReturnType<typeof commandKey> | null {
    const { idempotencyKey } = request.options;
    if (idempotencyKey === undefined) return null;
    const asked = hashedRequest(request.request, this.#ports.hasher);
    return commandKey(principal.ref, `${request.operation} ${id}`, idempotencyKey, asked);
  }

  async #exchangeKeys(unit: Unit, schema: LineSchema, next: LeadState): Promise<void> {
    const { heldKeys, hasher } = this.#ports;
    const conflicts = await heldKeys.exchange(unit, next.id, uniqueKeysOf(schema, next, hasher));
    if (conflicts.length === 0) return;
    const numbers = await numbersOf(
      this.#ports,
      unit,
      conflicts.map(({ holderId }) => holderId),
    );
    const held = conflicts.map(({ claim, holderId }) => ({ rule: claim.rule, holderId }));
    throw new ValuesHeld(named({ line: { schema } }, held, numbers));
  }
}

/** The error that names who holds the values a lead wants. */
function duplicateError(holders: readonly DuplicateHolder[]): LmsError {
  const list = holders.map((holder) => `${holder.fields.join(' and ')} (held by ${holderText(holder)})`);
  const path = holders[0]?.fields[0];
  return new LmsError('LEAD_DUPLICATE', {
    message: `another lead has the same ${list.join(', the same ')}`,
    ...(path === undefined ? {} : { path }),
    details: { holders },
  });
}

/** The error of a lead that could not be made. */
export function outcomeError(outcome: Exclude<CreateOutcome, { kind: 'created' }>): LmsError {
  if (outcome.kind === 'refused') return outcome.error;
  if (outcome.kind === 'duplicate') return duplicateError(outcome.holders);
  return LmsError.ofProblems('LEAD_INVALID', 'the lead cannot be created', outcome.problems);
}

function refuseStale(lead: LeadState, expectedVersion: number | undefined): void {
  if (expectedVersion === undefined || expectedVersion === lead.version) return;
  throw new LmsError('LEAD_VERSION_STALE', {
    message: `${lead.number} is at version ${lead.version}, not ${expectedVersion}; read it again and repeat the change`,
    details: { currentVersion: lead.version, expectedVersion },
  });
}

function refuseDeleted(lead: LeadState): void {
  if (lead.deletedAt === null) return;
  throw new LmsError('LEAD_DELETED', { message: `${lead.number} is deleted; restore it first` });
}
