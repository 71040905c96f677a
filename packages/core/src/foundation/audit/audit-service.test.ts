import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sqlite } from '../../storage/sqlite.js';
import type { Storage } from '../../storage/storage.js';
import { AccessService } from '../access/index.js';
import { type Actor, cryptoRandom, type DomainEvent, systemActor, uuidV7Source } from '../kernel/index.js';
import { masterKeyOf, Vault } from '../privacy/index.js';
import { auditProjection } from './audit-projection.js';
import { payloadHashOf } from './audit-row.js';
import { AuditService } from './audit-service.js';
import { openHeadKey } from './head-key.js';
import { TrailSealer } from './trail-sealer.js';

const clock = { now: () => Date.UTC(2026, 0, 31, 9, 30) };
const ids = uuidV7Source(clock, cryptoRandom());
const vault = new Vault(masterKeyOf(cryptoRandom().bytes(32), 'test'));
const reader: Actor = systemActor('test');

let folder: string;
let store: Storage;
let audit: AuditService;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-audit-'));
  store = sqlite({ file: join(folder, 'lms.db') });
  await store.open();
  const { audit: trail, auditChain: chain, outbox, storeKeys, unitOfWork, turns } = store;
  const openKey = () => openHeadKey({ vault, storeKeys, unitOfWork });
  const sealer = new TrailSealer({ chain, outbox, unitOfWork, turns, clock, openKey });
  const access = new AccessService({ users: store.users, clock });
  const events = {
    record: () => Promise.reject(new Error('nothing is exported here')),
  };
  audit = new AuditService({ audit: trail, chain, sealer, openKey, access, unitOfWork, events, ids });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

function eventOf(change: Partial<DomainEvent> = {}): DomainEvent {
  return {
    id: ids.next<'event'>(),
    type: 'lead.updated',
    typeVersion: 1,
    aggregate: { kind: 'lead', id: 'lead-1', version: 2 },
    at: '2026-01-31T09:30:00.000Z',
    actor: 'user:asha',
    via: { host: 'desk-7', operatingSystemUser: 'asha' },
    command: 'leads.update',
    correlationId: 'c-1',
    causationId: null,
    data: { tenureMonths: { from: 12, to: 36 }, rate: '14.25', tags: ['a', null, true], name: 'आ******' },
    sealed: 'v1.AAAA',
    ...change,
  };
}

function project(...events: DomainEvent[]): Promise<void> {
  return store.unitOfWork.run('ledger', (unit) => auditProjection(store.audit).project(unit, events, new Map()));
}

test('every event leaves one row, however often it is projected', async () => {
  const events = [eventOf(), eventOf({ type: 'user.created', via: null, sealed: null })];
  await project(...events);
  await project(...events, eventOf());
  expect((await audit.list(reader)).rows).toHaveLength(3);
});

test('a row that comes back from the store still has the hash of its content', async () => {
  await project(eventOf(), eventOf({ via: null, sealed: null, data: {} }), eventOf({ data: null }));
  for (const row of (await audit.list(reader)).rows) expect(payloadHashOf(row)).toBe(row.payloadHash);
});

test('the list goes from the newest back, page by page, without a gap', async () => {
  const events = Array.from({ length: 7 }, () => eventOf());
  await project(...events);
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await audit.list(reader, { limit: 3, ...(after === undefined ? {} : { after }) });
    seen.push(...page.rows.map((row) => row.id));
    after = page.next ?? undefined;
  } while (after !== undefined);
  expect(seen).toEqual(events.map((event) => event.id).reverse());
});

test('finds by aggregate, actor, kind and time', async () => {
  const [first, second] = [
    eventOf({ actor: 'user:ravi', at: '2026-01-30T00:00:00.000Z' }),
    eventOf({ type: 'lead.deleted', aggregate: { kind: 'lead', id: 'lead-2', version: 3 } }),
  ];
  await project(first, second);
  const idsOf = async (query: object): Promise<readonly string[]> =>
    (await audit.list(reader, query)).rows.map((row) => row.id);
  expect(await idsOf({ aggregateKind: 'lead', aggregateId: 'lead-1' })).toEqual([first.id]);
  expect(await idsOf({ actor: 'user:ravi' })).toEqual([first.id]);
  expect(await idsOf({ eventType: 'lead.deleted' })).toEqual([second.id]);
  expect(await idsOf({ from: '2026-01-31T00:00:00.000Z' })).toEqual([second.id]);
  expect(await idsOf({ to: '2026-01-31T09:30:00.000Z' })).toEqual([first.id]);
});

test('is read by those with audit.read only', async () => {
  await expect(audit.list({ kind: 'partner', id: 'acme' })).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
    details: { permission: 'audit.read', roles: ['admin', 'auditor'] },
  });
});

test.each([
  { limit: 0 },
  { limit: 501 },
  { from: '2026-01-31' },
  { to: '2026-01-31T15:00:00.000+05:30' },
  { after: 'x' },
])('refuses %j', async (query) => {
  await expect(audit.list(reader, query)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});
