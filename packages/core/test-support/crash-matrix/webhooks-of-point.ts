import { existsSync, readFileSync } from 'node:fs';
import { createLms, type Lms, type Storage } from '../../src/index.js';
import type { OtherSystem } from '../other-system.js';
import { receiversAt } from '../webhook-desk.js';
import { root } from './leads-of-point.js';
import { matrixKeys } from './matrix-keys.js';
import type { PreparedSubject, Subject } from './operation.js';
import type { RawState } from './raw-state.js';

/** Nothing is ever so. */
export const neverTypes: readonly string[] = ['crash.never'];

export async function addWebhook(lms: Lms, { tag }: PreparedSubject): Promise<string> {
  const url = `https://hooks.example/${tag}`;
  return (await lms.as(root).webhooks.add({ url, eventTypes: neverTypes, description: tag })).endpoint.id;
}

/** What waits is nobody's, and ticks of other points send nothing. */
export async function disabledWebhook(lms: Lms, subject: PreparedSubject): Promise<string> {
  const id = await addWebhook(lms, subject);
  await lms.as(root).webhooks.disable(id);
  return id;
}

export function endpointsOf({ webhookEndpoints }: RawState, tag: string): RawState['webhookEndpoints'] {
  return webhookEndpoints.filter(({ description }) => description === tag);
}

export function stands(state: RawState, tag: string, status: string, version: number): boolean {
  const own = endpointsOf(state, tag);
  return own.length === 1 && own[0]?.status === status && own[0].version === version;
}

export function told({ audit }: RawState, eventType: string, id: string | undefined): number {
  return audit.filter((row) => row.eventType === eventType && row.aggregateId === id).length;
}

/** A store that may send to a receiver on this machine. */
export function senderTo(storage: Storage, there: OtherSystem, aheadMillis = 0): Promise<Lms> {
  const clock = { now: () => Date.now() + aheadMillis };
  return createLms({ storage, key: matrixKeys, clock, webhooks: { ...receiversAt([there]), mostEndpoints: 10_000 } });
}

/** A round, and one of somebody for whom the lease of what a process that died had in hand has ended. */
export async function sendAll(storage: Storage, there: OtherSystem): Promise<void> {
  await (await senderTo(storage, there)).tick({ jobs: { limit: 0 } });
  if ((await storage.webhooks.counts()).every(({ waiting }) => waiting === 0)) return;
  await (await senderTo(storage, there, 600_000)).tick({ jobs: { limit: 0 } });
}

/** Something happens that webhooks are told of; once, however often it is asked for. */
export async function cancelTimer(lms: Lms, { tag }: Subject): Promise<void> {
  const me = lms.as(root);
  const { rows } = await me.audit.list({ eventType: 'timer.cancelled', limit: 500 });
  if (rows.some(({ changes }) => JSON.stringify(changes).includes(JSON.stringify(tag)))) return;
  await me.timers.set({ key: tag, dueAt: '2200-01-01T00:00:00.000Z' });
  await me.timers.cancel(tag);
}

export function deliveriesOf(state: RawState, tag: string): RawState['webhookDeliveries'] {
  const [endpoint] = endpointsOf(state, tag);
  return state.webhookDeliveries.filter(({ endpointId }) => endpointId === endpoint?.id);
}

/** The webhook of a point, at where its receiver is now. */
export async function pointedAt(lms: Lms, { tag }: Subject, url: string, types: readonly string[]): Promise<string> {
  const { webhooks } = lms.as(root);
  const known = (await webhooks.list()).find(({ description }) => description === tag);
  if (known === undefined) return (await webhooks.add({ url, eventTypes: types, description: tag })).endpoint.id;
  await webhooks.update(known.id, { url });
  await webhooks.enable(known.id);
  return known.id;
}

/** A delivery of nothing that happened. Its ids are of no other row: those of its webhook. */
export function insertedDelivery(
  endpoint: string,
  { status, at, attempts }: { readonly status: string; readonly at: string; readonly attempts: number },
): string {
  return `INSERT INTO webhook_deliveries (id, endpoint_id, event_id, event_type, aggregate_kind, aggregate_id, payload, made_at, status, at, attempts, fence, failures) VALUES ('${endpoint}', '${endpoint}', '${endpoint}', 'crash.never', 'lead', 'none', '{}', '${at}', '${status}', '${at}', ${attempts}, ${attempts}, '[]')`;
}

/** Ids of the messages that came in, which outlive the process that was cut. */
export function cameIn({ output }: Subject): readonly string[] {
  return existsSync(output) ? readFileSync(output, 'utf8').trim().split('\n') : [];
}
