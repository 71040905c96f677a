import { z } from 'zod';
import { checkInput, type Json, LmsError } from '../../foundation/kernel/index.js';
import { checkValues, type DateOrders, type FieldValues } from '../fields/index.js';
import type { LinkedEntity } from './lead.js';
import type { ChangeContext, LeadChange } from './lead-change.js';
import { shownValues } from './lead-events.js';
import type { LeadSettings } from './lead-settings.js';
import {
  collaboratorsShape,
  dateOrdersShape,
  fieldInputsShape,
  linksShape,
  originShape,
  type Properties,
  propertiesShape,
} from './new-lead.js';

/** What to change; what is absent stays. */
export interface LeadPatch<Fields extends object = Readonly<Record<string, unknown>>> {
  /** New values by field key; null or empty text clears a field. */
  readonly fields?: Fields;
  /** Merged into the lead's; null removes a property. */
  readonly properties?: Readonly<Record<string, string | null>>;
  readonly links?: readonly LinkedEntity[];
  readonly collaboratorIds?: readonly string[];
  readonly channel?: string | null;
  readonly campaign?: string | null;
  /** How all-digit dates are read; day first when absent. */
  readonly dateOrder?: DateOrders;
}

const label = originShape.nullable();

const patchShape: z.ZodType<LeadPatch> = z.strictObject({
  fields: fieldInputsShape.exactOptional(),
  properties: z.record(z.string(), z.string().max(500).nullable()).exactOptional(),
  links: linksShape.exactOptional(),
  collaboratorIds: collaboratorsShape.exactOptional(),
  channel: label.exactOptional(),
  campaign: label.exactOptional(),
  dateOrder: dateOrdersShape.exactOptional(),
});

/** @throws LmsError `INPUT_INVALID` */
export function checkPatch(input: unknown): LeadPatch {
  return checkInput(patchShape, input, 'the lead cannot be updated');
}

/**
 * The lead with the patch applied; null when nothing would change.
 * @param how `foundBy`: the fields of each unique rule by which the lead was found, if it was found so
 * @throws LmsError `LEAD_INVALID` naming each refused field, `LEAD_VERSION_STALE` for a lead that has none of the values any more by
 * which it was found, `INPUT_INVALID`
 */
export function updateLead(
  context: ChangeContext,
  patch: LeadPatch,
  { settings, foundBy }: { readonly settings: LeadSettings; readonly foundBy: readonly (readonly string[])[] },
): LeadChange | null {
  const { lead, schema, at, principal } = context;
  const checked = checkValues({
    schema,
    input: patch.fields ?? {},
    context: settings.fieldContext(context.now, patch.dateOrder),
    existing: { values: lead.values, entered: lead.entered },
    mode: 'update',
  });
  if (checked.problems.length > 0) {
    throw LmsError.ofProblems('LEAD_INVALID', `${lead.number} cannot be updated`, checked.problems);
  }
  const changedFields = checked.changed;
  refuseOtherLead(foundBy, changedFields);
  const next = {
    ...lead,
    values: checked.values,
    entered: checked.entered,
    properties: mergeProperties(lead.properties, patch.properties ?? {}),
    links: patch.links ?? lead.links,
    collaboratorIds: patch.collaboratorIds ?? lead.collaboratorIds,
    channel: patch.channel === undefined ? lead.channel : patch.channel,
    campaign: patch.campaign === undefined ? lead.campaign : patch.campaign,
  };
  const changedOthers = (['properties', 'links', 'collaboratorIds', 'channel', 'campaign'] as const).filter(
    (key) => JSON.stringify(next[key]) !== JSON.stringify(lead[key]),
  );
  const changed: readonly string[] = [...changedFields, ...changedOthers];
  if (changed.length === 0) return null;
  const before = pick(lead.values, changedFields);
  const after = pick(checked.values, changedFields);
  return {
    state: next,
    activities: [
      { id: context.nextId(), type: 'UPDATED', at, actor: principal.ref, data: { fields: changed }, sealed: null },
    ],
    event: {
      type: 'lead.updated',
      command: 'leads.update',
      data: {
        fields: changed,
        before: shownValues(schema, before),
        after: shownValues(schema, after),
        others: Object.fromEntries(changedOthers.map((key) => [key, toJson(next[key])])),
      },
      sealed: changedFields.length === 0 ? null : context.seal(JSON.stringify({ before, after })),
    },
  };
}

/** A lead that was found by its phone, and has another one now, may be somebody else's. */
function refuseOtherLead(foundBy: readonly (readonly string[])[], changed: readonly string[]): void {
  if (foundBy.length === 0 || foundBy.some((fields) => fields.every((key) => !changed.includes(key)))) return;
  throw new LmsError('LEAD_VERSION_STALE', {
    message: 'the lead that had these values was changed meanwhile and has them no more; import this row again',
    ...(foundBy[0]?.[0] === undefined ? {} : { path: foundBy[0][0] }),
  });
}

function pick(values: FieldValues, keys: readonly string[]): FieldValues {
  const picked: Record<string, FieldValues[string]> = {};
  for (const key of keys) {
    const value = values[key];
    if (value !== undefined) picked[key] = value;
  }
  return picked;
}

function mergeProperties(current: Properties, patch: Readonly<Record<string, string | null>>): Properties {
  const merged: Record<string, string> = { ...current };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = value;
  }
  return checkInput(propertiesShape, merged, 'the properties cannot be changed');
}

function toJson(value: object | string | null): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
