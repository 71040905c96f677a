import { type CheckOutcome, holderText } from '@lms/core';
import { LmsError } from '@lms/core/kernel';
import type { FieldInputOptions, WriteOptions } from '../commands/shared-options.js';
import { parseAssignments } from '../input/assignments.js';
import { type ConsentFlags, saidWithLead } from '../input/consent-flags.js';
import { readJsonObject } from '../input/json-object.js';
import { printable } from '../output/index.js';
import type { Session } from '../session.js';

export interface LeadCreateOptions extends FieldInputOptions, ConsentFlags {
  readonly product: string;
  readonly source?: string;
  readonly channel?: string;
  readonly campaign?: string;
  readonly property?: readonly string[];
  readonly dryRun?: true;
  readonly idempotencyKey?: string;
}

export interface LeadUpdateOptions extends FieldInputOptions, WriteOptions {
  readonly property?: readonly string[];
}

export interface LeadDeleteOptions extends WriteOptions {
  readonly yes?: true;
}

export async function createLead(session: Session, options: LeadCreateOptions): Promise<void> {
  const { me, output, signal } = session;
  const lead = {
    productLine: options.product,
    fields: await fieldsOf(options),
    source: options.source ?? 'cli',
    ...(options.channel === undefined ? {} : { channel: options.channel }),
    ...(options.campaign === undefined ? {} : { campaign: options.campaign }),
    ...(options.property === undefined ? {} : { properties: parseAssignments(options.property, '--property') }),
    ...saidWithLead(options, session),
  };
  if (options.dryRun === true) {
    refuseUnlessCreatable(await me.leads.checkCreate(lead));
    output.answer({ kind: 'creatable' }, () => 'This lead would be created.');
    return;
  }
  const { idempotencyKey } = options;
  const created = await me.leads.create(lead, { signal, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) });
  output.answer(created, () => created.number);
  output.say(`Created in stage ${created.stage}. Next: lms leads show ${created.number}`);
}

function refuseUnlessCreatable(outcome: CheckOutcome): void {
  if (outcome.kind === 'creatable') return;
  if (outcome.kind === 'refused') throw outcome.error;
  if (outcome.kind === 'rejected') {
    throw LmsError.ofProblems('LEAD_INVALID', 'This lead would be refused', outcome.problems);
  }
  const holders = outcome.holders.map((holder) => `${holder.rule} is held by ${holderText(holder)}`);
  throw new LmsError('LEAD_DUPLICATE', {
    message: `This lead would be a duplicate: ${holders.join('; ')}`,
    details: { holders: outcome.holders },
  });
}

export async function updateLead(session: Session, lead: string, options: LeadUpdateOptions): Promise<void> {
  const { me, output } = session;
  const properties = Object.entries(parseAssignments(options.property ?? [], '--property'));
  const patch = {
    fields: await fieldsOf(options),
    ...(properties.length === 0
      ? {}
      : { properties: Object.fromEntries(properties.map(([key, value]) => [key, value === '' ? null : value])) }),
  };
  const updated = await me.leads.update(lead, patch, writing(session, options));
  output.answer(updated, () => updated.number);
  output.say(`Now at version ${updated.version}. Next: lms leads show ${updated.number}`);
}

export async function deleteLead(session: Session, lead: string, options: LeadDeleteOptions): Promise<void> {
  const { me, output } = session;
  const found = await me.leads.get(lead);
  const name = found.name === null ? '' : ` (${printable(found.name)})`;
  await session.confirm(`Delete ${found.number}${name}?`, { yes: options.yes === true });
  const deleted = await me.leads.delete(lead, writing(session, options));
  output.answer(deleted, () => deleted.number);
  output.say(`Deleted. To bring it back: lms leads restore ${deleted.number}`);
}

export async function restoreLead(session: Session, lead: string, options: WriteOptions): Promise<void> {
  const { me, output } = session;
  const restored = await me.leads.restore(lead, writing(session, options));
  output.answer(restored, () => restored.number);
  output.say(`Restored in stage ${restored.stage}. Next: lms leads show ${restored.number}`);
}

/** The options of a change, as the SDK takes them. */
export function writing(
  { signal }: Session,
  { expectedVersion, idempotencyKey }: WriteOptions,
): { signal: AbortSignal; expectedVersion?: number; idempotencyKey?: string } {
  return {
    signal,
    ...(expectedVersion === undefined ? {} : { expectedVersion }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  };
}

/** Fields of `--fields`, with those of `--set` over them. */
export async function fieldsOf({ fields, set }: FieldInputOptions): Promise<Readonly<Record<string, unknown>>> {
  const read = fields === undefined ? {} : await readJsonObject(fields);
  return { ...read, ...parseAssignments(set ?? [], '--set') };
}
