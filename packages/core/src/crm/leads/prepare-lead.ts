import type { Principal } from '../../foundation/access/index.js';
import {
  type ActorRef,
  type IdSource,
  type Json,
  type LeadId,
  type Problem,
  toInstant,
} from '../../foundation/kernel/index.js';
import { type CommandKey, commandKey, type UniqueKey } from '../../foundation/persistence/index.js';
import {
  type DataKey,
  type LookupHasher,
  type SaidAtCreation,
  type SealedAtCreation,
  type StoredDataKey,
  sealAtCreation,
  type Vault,
} from '../../foundation/privacy/index.js';
import { checkValues, type FieldValues, projectRoles } from '../fields/index.js';
import { enterPipeline } from '../pipeline/index.js';
import type { CreateGuard, CreateSubject } from './create-guard.js';
import type { CreateItem } from './create-outcome.js';
import type { LeadCodec } from './lead-codec.js';
import { shownValues } from './lead-events.js';
import { uniqueKeysOf } from './lead-keys.js';
import type { LeadSettings } from './lead-settings.js';
import type { UnnumberedState } from './lead-state.js';
import type { LeadText, UnnumberedLead } from './lead-store.js';
import type { LineDefinition } from './line-reader.js';
import { hashedRequest, requestJson } from './request-json.js';

/** Who makes leads, and whom they begin with. */
export interface LeadAuthor {
  readonly ref: ActorRef;
  readonly ownerId: string | null;
}

/** A lead made by an agent is placed with that agent; others begin unowned. */
export function authorOf(principal: Principal): LeadAuthor {
  const { user, ref, scope } = principal;
  return { ref, ownerId: user !== null && scope === 'own' && user.roles.includes('agent') ? user.id : null };
}

export interface PreparePorts {
  readonly hasher: LookupHasher;
  readonly settings: LeadSettings;
  readonly ids: IdSource;
  /** Asked of each lead whose fields are good. */
  readonly createGuards?: readonly CreateGuard[];
}

/** Unique values that an item of a request has. */
export interface KeyedItem {
  readonly index: number;
  readonly line: LineDefinition;
  readonly keys: readonly UniqueKey[];
}

/** What a lead to create asks of the store. */
export interface LeadClaim extends KeyedItem {
  readonly leadId: LeadId;
  readonly command: CommandKey | null;
}

/** A lead that passed every check that needs no store. */
export interface PreparedLead extends LeadClaim {
  readonly state: UnnumberedState;
  /** What the person allows and forbids, to be recorded with the lead; null for nothing. */
  readonly said: SaidAtCreation | null;
}

/** A lead that cannot be made, with every problem of its fields and the values that are none. */
export interface RefusedLead {
  readonly problems: readonly Problem[];
  readonly values: FieldValues;
}

/** A prepared lead as it will be stored; it only lacks its number. Plain data: it may come from another thread. */
export interface LeadDraft extends LeadClaim {
  readonly lead: UnnumberedLead;
  /** `leadText(lead)`, where another thread has made it; a store that keeps text need not make it again. */
  readonly text: LeadText | null;
  readonly dataKey: StoredDataKey;
  /** Its values as the trail shows them. */
  readonly shown: Json;
  /** What the person allows and forbids; null for nothing. */
  readonly said: SealedAtCreation | null;
}

/** Where a lead to make stands, and what is known of it besides its item. */
export interface LeadPlace {
  readonly index: number;
  readonly line: LineDefinition;
  readonly author: LeadAuthor;
  /** Epoch milliseconds. */
  readonly now: number;
  /** What the person allows and forbids, checked; null for nothing. */
  readonly said: SaidAtCreation | null;
}

/**
 * Checks the fields of an item against its product line and makes the lead of it: first stage, tasks, CREATED activity,
 * history entry.
 * @param item its lead has passed `checkNewLead`
 * @returns the lead, or every problem of the fields
 */
export function prepareLead(
  item: CreateItem,
  place: LeadPlace,
  ports: PreparePorts,
): PreparedLead | RefusedLead {
  const { ids } = ports;
  const { line, author, now } = place;
  const { lead } = item;
  const at = toInstant(now);
  const checked = checkValues({
    schema: line.schema,
    input: lead.fields,
    context: ports.settings.fieldContext(now, lead.dateOrder),
    mode: 'create',
  });
  if (checked.problems.length > 0) return { problems: checked.problems, values: checked.values };
  const refusals = ports.createGuards?.flatMap((guard) => guard(subjectOf(item, { line, author }, checked.values)));
  if (refusals !== undefined && refusals.length > 0) return { problems: refusals, values: checked.values };
  const entry = enterPipeline(line.pipeline, { at, nextId: () => ids.next<'task'>() });
  const id = ids.next<'lead'>();
  const { ownerId } = author;
  const state: PreparedLead['state'] = {
    format: 1,
    id,
    version: 1,
    productLine: line.schema.productLine,
    status: 'pending',
    stage: entry.stage,
    stageEnteredAt: at,
    schemaVersion: line.schema.version,
    pipelineVersion: line.pipeline.version,
    source: lead.source ?? 'sdk',
    channel: lead.channel ?? null,
    campaign: lead.campaign ?? null,
    score: null,
    ownerId,
    partner: null,
    placementVersion: ownerId === null ? 0 : 1,
    collaboratorIds: lead.collaboratorIds ?? [],
    values: checked.values,
    entered: checked.entered,
    properties: lead.properties ?? {},
    links: lead.links ?? [],
    parties: [{ id: ids.next<'party'>(), role: 'applicant', subjectId: null }],
    tasks: entry.tasks,
    activities: [
      {
        id: ids.next<'activity'>(),
        type: 'CREATED',
        at,
        actor: author.ref,
        data: { stage: entry.stage },
        sealed: null,
      },
    ],
    activityCount: 1,
    history: [{ stage: entry.stage, enteredAt: at, exitedAt: null, enteredBy: author.ref }],
    firstResponseAt: null,
    wonAt: null,
    lostAt: null,
    createdAt: at,
    createdBy: author.ref,
    updatedAt: at,
    updatedBy: author.ref,
    deletedAt: null,
  };
  return {
    index: place.index,
    leadId: id,
    state,
    said: place.said,
    line,
    keys: uniqueKeysOf(line.schema, state, ports.hasher),
    command:
      item.idempotencyKey === undefined
        ? null
        : commandKey(author.ref, 'leads.create', item.idempotencyKey, hashedRequest(requestJson(lead), ports.hasher)),
  };
}

/** The lead as guards see it. */
function subjectOf(
  { lead }: CreateItem,
  { line, author }: { readonly line: LineDefinition; readonly author: LeadAuthor },
  values: FieldValues,
): CreateSubject {
  return {
    productLine: line.schema.productLine,
    values,
    source: lead.source ?? 'sdk',
    channel: lead.channel ?? null,
    campaign: lead.campaign ?? null,
    properties: lead.properties ?? {},
    createdBy: author.ref,
  };
}

/** Puts a prepared lead to rest under a data key of its own. */
export function sealLead(
  { state, said, ...claim }: PreparedLead,
  ports: Pick<PreparePorts, 'hasher' | 'ids'> & { readonly vault: Vault; readonly codec: LeadCodec },
): { readonly draft: LeadDraft; readonly key: DataKey } {
  const { schema } = claim.line;
  const { key, stored } = ports.vault.createDataKey('lead', claim.leadId);
  const lead = ports.codec.seal(state, schema, key);
  const sealed =
    said === null ? null : sealAtCreation(said, { key, known: projectRoles(schema, state.values) }, ports);
  const shown = shownValues(schema, state.values);
  return { draft: { ...claim, lead, text: null, dataKey: stored, shown, said: sealed }, key };
}
