import type { Principal } from '../../foundation/access/index.js';
import { type Clock, type IdSource, type Problem, toInstant } from '../../foundation/kernel/index.js';
import { type CommandKey, commandKey, type UniqueKey } from '../../foundation/persistence/index.js';
import type { DataKey, LookupHasher, StoredDataKey, Vault } from '../../foundation/privacy/index.js';
import { checkValues } from '../fields/index.js';
import { enterPipeline } from '../pipeline/index.js';
import type { CreateItem } from './create-outcome.js';
import { uniqueKeysOf } from './lead-keys.js';
import type { LeadSettings } from './lead-settings.js';
import type { LeadState } from './lead-state.js';
import type { LineDefinition } from './line-reader.js';
import { hashedRequest, requestJson } from './request-json.js';

export interface PreparePorts {
  readonly vault: Vault;
  readonly hasher: LookupHasher;
  readonly settings: LeadSettings;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** A lead that passed every check that needs no store; it only lacks its number. */
export interface PreparedLead {
  readonly index: number;
  readonly state: Omit<LeadState, 'number' | 'numberMonth' | 'numberSeq'>;
  readonly line: LineDefinition;
  readonly keys: readonly UniqueKey[];
  readonly dataKey: DataKey;
  readonly storedKey: StoredDataKey;
  readonly command: CommandKey | null;
}

/**
 * Checks the fields of an item against its product line and makes the lead of it: first stage, tasks, CREATED activity,
 * history entry.
 * @param item its lead has passed `checkNewLead`
 * @returns the lead, or every problem of the fields
 */
export function prepareLead(
  item: CreateItem,
  place: { readonly index: number; readonly line: LineDefinition; readonly principal: Principal },
  ports: PreparePorts,
): PreparedLead | { readonly problems: readonly Problem[] } {
  const { clock, ids } = ports;
  const { line, principal } = place;
  const { lead } = item;
  const now = clock.now();
  const at = toInstant(now);
  const checked = checkValues({
    schema: line.schema,
    input: lead.fields,
    context: ports.settings.fieldContext(now, lead.dateOrder),
    mode: 'create',
  });
  if (checked.problems.length > 0) return { problems: checked.problems };
  const entry = enterPipeline(line.pipeline, { at, nextId: () => ids.next<'task'>() });
  const id = ids.next<'lead'>();
  const ownerId = ownerOf(principal);
  const { key, stored } = ports.vault.createDataKey('lead', id);
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
        actor: principal.ref,
        data: { stage: entry.stage },
        sealed: null,
      },
    ],
    activityCount: 1,
    history: [{ stage: entry.stage, enteredAt: at, exitedAt: null, enteredBy: principal.ref }],
    firstResponseAt: null,
    wonAt: null,
    lostAt: null,
    createdAt: at,
    createdBy: principal.ref,
    updatedAt: at,
    updatedBy: principal.ref,
    deletedAt: null,
  };
  return {
    index: place.index,
    state,
    line,
    keys: uniqueKeysOf(line.schema, state, ports.hasher),
    dataKey: key,
    storedKey: stored,
    command:
      item.idempotencyKey === undefined
        ? null
        : commandKey(
            principal.ref,
            'leads.create',
            item.idempotencyKey,
            hashedRequest(requestJson(lead), ports.hasher),
          ),
  };
}

/** A lead made by an agent is placed with that agent; others begin unowned. */
function ownerOf(principal: Principal): string | null {
  const user = principal.user;
  return user !== null && principal.scope === 'own' && user.roles.includes('agent') ? user.id : null;
}
