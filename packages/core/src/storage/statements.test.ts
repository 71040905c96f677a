import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePlace, type PlaceName, type StorePlace } from '../../test-support/shapes.js';
import { Recording, recordedClient, recordedPool, recordSqlite } from '../../test-support/statements/captured.js';
import { copyRows } from '../../test-support/statements/copies.js';
import { fullScans } from '../../test-support/statements/full-scans.js';
import { shardReport } from '../../test-support/statements/shard-check.js';
import { operationsOf, useEverything, watched, wholeStore } from '../../test-support/statements/use-everything.js';
import { fillJobs, useJobs } from '../../test-support/statements/use-jobs.js';
import { fillNotifications, useNotices } from '../../test-support/statements/use-notifications.js';
import { fillTimers, useTimers } from '../../test-support/statements/use-timers.js';
import { useDeliveries } from '../../test-support/statements/use-webhooks.js';
import { loanLead, newStore, openStore, root } from '../../test-support/store.js';
import type { LeadSortKey } from '../crm/leads/lead-facts-store.js';
import { type StoredExchange, unended } from '../foundation/outbound/exchange-store.js';
import { hybrid } from './hybrid.js';
import { mysql } from './mysql.js';
import { shardExemptions } from './shard-keys.js';
import { sqlite } from './sqlite.js';
import type { Storage } from './storage.js';

const originals = 50;
const isFull = process.env['LMS_TEST_FULL'] === '1';
/** 100,000 leads in the full run; else 3,000, which show the same plans in seconds. */
const copies = isFull ? 2_000 : 60;

async function fill(place: StorePlace): Promise<void> {
  const store = await newStore(place.handle());
  await store.user('asha', ['agent'], ['west']);
  await store.user('ravi', ['agent'], ['west']);
  const items = Array.from({ length: originals }, () => ({ lead: loanLead() }));
  const { leads } = store.admin;
  for (const [at, outcome] of (await leads.createMany(items)).entries()) {
    if (outcome.kind !== 'created') throw new Error('a lead was not created');
    if (at % 4 === 0) await leads.assign(outcome.leadId, { to: 'ravi' });
    if (at % 10 === 0) await leads.update(outcome.leadId, { collaboratorIds: ['ravi'] });
  }
  await store.lms.tick();
  await store.lms.close();
  await fillOperations(place.handle());
  await copyRows(place.address, copies);
}

/** More calls, jobs and timers than a table has that may be read whole. */
async function fillOperations(storage: Storage): Promise<void> {
  await storage.open();
  await fillJobs(storage);
  await fillTimers(storage);
  await fillNotifications(storage);
  await storage.unitOfWork.run('ledger', async (unit) => {
    for (let at = 0; at < 1_000; at += 1) {
      const id = `019c5e00-0000-7000-8000-${String(at).padStart(12, '0')}`;
      await storage.exchanges.insert(unit, { ...calledBureau, id, startedAt: '2026-02-14T04:30:00.000Z' });
    }
  });
  await storage.close();
}

/** Every operation, each statement recorded on its way to the engine. */
async function record(place: StorePlace): Promise<Recording> {
  const recording = new Recording();
  const folder = await mkdtemp(join(tmpdir(), 'lms-statements-'));
  const { storage, end } = recorded(place, recording);
  const { lms } = await openStore(storage, '2026-02-15T04:30:00.000Z');
  await lms.ready();
  try {
    const admin = watched(lms.as(root), recording.of);
    const agent = watched(lms.as({ kind: 'user', id: 'ravi' }), recording.of);
    await useEverything({ lms: watched(lms, recording.of, 'lms.'), admin, agent, folder });
    recording.of('leads.list');
    await readEverySort(storage);
    recording.of('outbound.call');
    await callAnother(storage);
    recording.of('lms.tick');
    await useJobs(storage);
    await useTimers(storage);
    await useDeliveries(storage);
    await useNotices(storage);
    await forgetOld(storage);
    return recording;
  } finally {
    await lms.close();
    await end();
    await rm(folder, { recursive: true });
  }
}

interface RecordedStorage {
  readonly storage: Storage;
  end(): Promise<void>;
}

function recorded({ address }: StorePlace, recording: Recording): RecordedStorage {
  if (address.shape === 'sqlite') {
    const ending = recordSqlite(recording);
    return { storage: sqlite({ file: address.file }), end: async () => ending[Symbol.dispose]() };
  }
  const pool = recordedPool(address.mysqlUrl, recording);
  const endPool = (): Promise<void> => new Promise((resolve) => pool.end(() => resolve()));
  if (address.shape === 'mysql') return { storage: mysql({ pool }), end: endPool };
  const client = recordedClient(address.mongoUrl, recording);
  return {
    storage: hybrid({ mongo: { client }, mysql: { pool } }),
    async end() {
      await client.close();
      await endPool();
    },
  };
}

const everything = { everything: true } as const;

/** Lists in every order; their pages are not opened, as those of copies cannot be. */
async function readEverySort({ facts }: Storage): Promise<void> {
  const filter = { scope: everything, productLine: 'personal-loan' };
  const keys: readonly LeadSortKey[] = [
    ...(['createdAt', 'updatedAt', 'stageEnteredAt', 'number', 'amount', 'score'] as const).map((by) => ({ by })),
    { by: 'field', field: 'loanAmount', kind: 'number' },
    { by: 'field', field: 'city', kind: 'text' },
  ];
  for (const key of keys) {
    for (const direction of ['asc', 'desc'] as const) {
      const query = { filter, sort: { ...key, direction }, limit: 20 };
      const last = (await facts.positions({ ...query, after: null })).at(-1);
      const after = last ? { value: last.sortValue, leadId: last.leadId } : null;
      await facts.list({ ...query, after });
    }
  }
}

const calledBureau: StoredExchange = {
  id: '019c5f00-0000-7000-8000-000000000001',
  target: 'bureau',
  purpose: 'statements',
  subject: null,
  actor: 'user:root',
  correlationId: null,
  method: 'GET',
  host: 'api.lender.example',
  path: '/',
  startedAt: '2026-02-15T04:30:00.000Z',
  requestBytes: 0,
  requestHash: null,
  sealedRequest: null,
  ...unended,
};

/** What a call to another system writes, without the call. */
async function callAnother({ unitOfWork, exchanges, outboundBudgets }: Storage): Promise<void> {
  const { id, startedAt: at } = calledBureau;
  const spending = { target: 'bureau', period: '2026-02-15', cost: 1, limit: 9, at };
  await unitOfWork.run('ledger', async (unit) => {
    await outboundBudgets.spend(unit, spending);
    await exchanges.insert(unit, calledBureau);
  });
  await unitOfWork.run('ledger', async (unit) => {
    await exchanges.finish(unit, id, { ...calledBureau, finishedAt: at, status: 200, attempts: 1, end: 'answered' });
    await outboundBudgets.giveBack(unit, spending);
  });
  await exchanges.get(id);
  await outboundBudgets.spent('bureau', '2026-02-15');
}

/** What housekeeping sends where something is old enough. */
async function forgetOld({ unitOfWork, commands, exchanges, outboundBudgets, schedules }: Storage): Promise<void> {
  const over = '2027-02-15T04:30:00.000Z';
  const left = { name: 'left', plan: 'every 1d', kind: 'filling', nextAt: '2026-02-15T04:30:00.000Z', version: 1 };
  await unitOfWork.run('ledger', (unit) =>
    schedules.save(unit, { ...left, lastDue: null, lastAt: null, lastJob: null }, 0),
  );
  const trimmed = [
    await schedules.trim(over, 10),
    await exchanges.trim(over, 10),
    await outboundBudgets.trim(over, 10),
    await commands.trim('documents', over, 1),
    await commands.trim('ledger', over, 1),
  ];
  if (trimmed.includes(0)) throw new Error(`nothing was old enough: ${trimmed}`);
}

interface Run {
  readonly place: StorePlace;
  readonly recording: Recording;
}

/** MariaDB plans what MySQL plans, from the same statements: it is asked in the full run. */
const places: readonly PlaceName[] = ['sqlite', 'mysql', 'hybrid', ...(isFull ? (['mariadb'] as const) : [])];
const exempted = new Set<string>();

describe.each(places)(`statements at ${originals * copies} leads on %s`, (name) => {
  let run: Run;

  beforeAll(async () => {
    const place = await makePlace(name);
    await fill(place);
    run = { place, recording: await record(place) };
  }, 600_000);

  afterAll(() => run.place.remove());

  it('are those of every operation', async () => {
    const lms = await openStore(run.place.handle());
    const operations = operationsOf(lms.admin).filter((operation) => !wholeStore.includes(operation));
    await lms.lms.close();
    const seen = new Set(run.recording.operations);
    expect(operations.filter((operation) => !seen.has(operation))).toEqual([]);
    expect(run.recording.captured.length).toBeGreaterThan(150);
  });

  it('read no table from end to end', async () => {
    expect(await fullScans(run.place.address, run.recording.captured)).toEqual([]);
  }, 60_000);

  it('are told of where they do, whatever they call the table', async () => {
    const sql = 'select lead_id from lead_facts as partners where tasks_done = 7';
    expect(await fullScans(run.place.address, [{ operation: 'tried', engine: 'sql', sql, values: [] }])).toHaveLength(
      1,
    );
  });

  it('carry the key that each table can be sharded by, or are known not to', () => {
    const report = shardReport(run.recording.captured);
    expect(report.unsharded).toEqual([]);
    for (const table of report.exempted) exempted.add(table);
  });
});

it('exempts no table whose statements all carry its key', () => {
  expect([...exempted].sort()).toEqual([...new Set(shardExemptions.map(({ table }) => table))].sort());
});
