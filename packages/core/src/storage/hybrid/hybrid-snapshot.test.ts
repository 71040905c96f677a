import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type NamedRows, namedRows } from '../../../test-support/canonical-rows.js';
import { makePlace, type StorePlace } from '../../../test-support/shapes.js';
import { loanLead, newStore, openStore, type TestStore } from '../../../test-support/store.js';
import type { RowBatch, StorageShape } from '../../index.js';
import { type Faults, withFaults } from '../../testing/faults.js';
import { columnAt } from '../sql/copied-tables.js';
import { connectHybrid, type HybridConnection } from './hybrid-connection.js';
import { hybridSettings } from './hybrid-options.js';
import { hybridSnapshot } from './hybrid-snapshot.js';

let folder: string;
let place: StorePlace;
let store: TestStore;
let faults: Faults;
let ravi: ReturnType<TestStore['lms']['as']>;
let connection: HybridConnection;
const copies: StorePlace[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-snapshot-'));
  place = await makePlace('hybrid');
  const faulty = withFaults(place.handle());
  faults = faulty.faults;
  store = await newStore(faulty.storage);
  ravi = await store.user('ravi', ['agent'], ['west']);
  const { address } = place;
  if (address.shape !== 'hybrid') throw new Error('expected servers');
  const options = { mongo: { url: address.mongoUrl }, mysql: { url: address.mysqlUrl } };
  connection = await connectHybrid(options, hybridSettings(options));
});

afterAll(async () => {
  await connection.close();
  await store.lms.close();
  await Promise.all([place, ...copies].map((each) => each.remove()));
  await rm(folder, { recursive: true, force: true });
});

type Moment = 'earlier' | 'documents' | 'later';
type Writes = Partial<Record<Moment, () => Promise<unknown>>>;

/** A snapshot with writes in between its moments. */
async function snapshotDuring(writes: Writes): Promise<readonly RowBatch[]> {
  const snapshot = await hybridSnapshot(connection, {
    ledgerServer: 'mysql',
    onMoment: async (moment) => {
      await writes[moment]?.();
      await store.lms.settle();
    },
  });
  const batches: RowBatch[] = [];
  for await (const batch of snapshot.batches()) batches.push(batch);
  await snapshot.close();
  return batches;
}

/** A store made of the rows, opened and caught up as after a crash. */
async function copyOf(
  batches: readonly RowBatch[],
  shape: StorageShape,
): Promise<{ copy: TestStore; rows: NamedRows }> {
  const copyPlace = await makePlace(shape);
  copies.push(copyPlace);
  const storage = copyPlace.handle();
  const loading = await storage.snapshots.load();
  const counts = new Map<string, number>();
  for (const batch of batches) {
    await loading.load(batch);
    counts.set(batch.table, (counts.get(batch.table) ?? 0) + batch.rows.length);
  }
  await loading.finish(counts);
  await loading.close();
  const copy = await openStore(storage);
  await copy.lms.tick();
  await copy.lms.settle();
  // Boards count what the leads of the copy count.
  expect(await storage.facts.wrongTotals()).toBe(0);
  return { copy, rows: await namedRows(storage) };
}

/** What holds in every store that has caught up: read models and trail say what the documents and the placements say. */
function expectOneStore(rows: NamedRows): void {
  const of = (table: string): NamedRows[string] => rows[table] ?? [];
  const facts = new Map(of('lead_facts').map((row) => [row['lead_id'], row]));
  const active = new Map(
    of('placements').flatMap((row) => (row['exclusive_lead_id'] === null ? [] : [[row['lead_id'], row['holder_id']]])),
  );
  expect([...facts.keys()].sort()).toEqual(
    of('leads')
      .map((row) => row['id'])
      .sort(),
  );
  for (const lead of of('leads')) {
    const document = JSON.parse(String(lead['document']));
    const fact = facts.get(lead['id']);
    expect(fact).toMatchObject({
      version: lead['version'],
      stage: document.stage,
      updated_at: document.updatedAt,
      deleted_at: document.deletedAt,
      owner_id: active.get(lead['id']) ?? null,
    });
    expect(lead['owner_id'] ?? null).toBe(active.get(lead['id']) ?? null);
    const stays = of('stage_stays').filter((row) => row['lead_id'] === lead['id']);
    expect(stays.map((row) => row['stage'])).toHaveLength(document.history.length);
    const told = of('audit').filter((row) => row['aggregate_kind'] === 'lead' && row['aggregate_id'] === lead['id']);
    const versions = [...new Set(told.map((row) => Number(row['aggregate_version'])))].sort((a, b) => a - b);
    expect(versions).toEqual(Array.from({ length: Number(lead['version']) }, (_, index) => index + 1));
    const moved = told.filter((row) => ['lead.created', 'lead.stage_changed'].includes(String(row['event_type'])));
    const moves = of('moves').filter((row) => row['lead_id'] === lead['id']);
    expect(moves.map((row) => row['event_id']).sort()).toEqual(moved.map((row) => row['id']).sort());
  }
  const leadIds = new Set(of('leads').map((row) => row['id']));
  const handovers = of('audit').filter((row) => row['aggregate_kind'] === 'placement');
  expect(
    of('lead_activities')
      .filter((row) => row['type'] === 'ASSIGNED')
      .map((row) => row['id'])
      .sort(),
  ).toEqual(handovers.map((row) => row['id']).sort());
  const ofLeads = [...of('placements'), ...of('lead_index'), ...of('stage_stays'), ...of('moves')];
  expect(ofLeads.filter((row) => !leadIds.has(row['lead_id'] ?? null))).toEqual([]);
  expect(
    of('audit').filter((row) => row['aggregate_kind'] === 'lead' && !leadIds.has(row['aggregate_id'] ?? null)),
  ).toEqual([]);
  const revisions = new Map(of('product_lines').map((row) => [row['slug'], Number(row['revision'])]));
  for (const row of of('audit').filter((each) => each['aggregate_kind'] === 'product-line')) {
    expect(revisions.get(row['aggregate_id'] ?? null)).toBeGreaterThanOrEqual(Number(row['aggregate_version']));
  }
  expect(of('outbox')).toEqual([]);
}

async function newLeads(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let made = 0; made < count; made += 1) ids.push((await store.admin.leads.create(loanLead())).id);
  return ids;
}

/** One of each thing that a user does. */
async function work(leads: readonly string[]): Promise<void> {
  const [changed, assigned, taken, deleted, moved] = leads as [string, string, string, string, string];
  await ravi.leads.create(loanLead());
  const made = await store.admin.leads.create(loanLead());
  await store.admin.leads.assign(made.id, { to: 'ravi' });
  await store.admin.leads.update(changed, { fields: { city: 'Nashik' } });
  await store.admin.leads.update(changed, { fields: { city: 'Satara' } });
  await store.admin.leads.assign(assigned, { to: 'ravi', reason: 'near him' });
  await store.admin.leads.unassign(taken);
  await store.admin.leads.delete(deleted);
  await store.admin.leads.addActivity(moved, { type: 'NOTE', text: 'called' });
}

async function preparedLeads(): Promise<readonly string[]> {
  const leads = await newLeads(5);
  await store.admin.leads.assign(leads[2] ?? '', { to: 'ravi' });
  return leads;
}

describe('a snapshot of two servers', () => {
  test.each(['sqlite', 'hybrid'] as const)(
    'is one store whatever is written between its moments, copied into shape %s',
    async (shape) => {
      const [one, two, three] = [await preparedLeads(), await preparedLeads(), await preparedLeads()];
      const batches = await snapshotDuring({
        earlier: () => work(one),
        documents: () => work(two),
        later: () => work(three),
      });
      const { copy, rows } = await copyOf(batches, shape);
      expectOneStore(rows);
      const before = await copy.admin.leads.get(two[0] ?? '');
      expect(before.values['city']).toBe('Pune');
      expect((await copy.admin.leads.get(one[0] ?? '')).values['city']).toBe('Satara');
      await copy.lms.close();
    },
    60_000,
  );

  test('a trail that is sealed further meanwhile is sealed in the copy as far as it was before, and then goes on', async () => {
    const write = async (): Promise<void> => {
      await store.admin.leads.create(loanLead());
      await store.lms.settle();
      await store.lms.tick();
    };
    await write();
    const head = await store.admin.audit.head();
    if (head === null) throw new Error('nothing was sealed');
    const { copy } = await copyOf(await snapshotDuring({ earlier: write, documents: write, later: write }), 'hybrid');
    expect(await copy.admin.audit.verify({ head })).toMatchObject({ ok: true, finished: true });
    expect((await copy.lms.health()).trail).toMatchObject({ ok: true, unsealed: 0 });
    await copy.lms.close();
  });

  test('a consumer that goes on meanwhile is no further in the copy than its trail', async () => {
    const consumer = await store.lms.events.consume('crm', async () => undefined, { from: 'beginning' });
    await store.lms.tick();
    const before = (await store.admin.audit.head())?.position ?? 0;
    const batches = await snapshotDuring({
      documents: async () => {
        await newLeads(2);
        await store.lms.settle();
        await store.lms.tick();
      },
    });
    await consumer.stop();
    const [crm] = (await store.admin.events.consumers()).consumers;
    expect(crm?.position).toBeGreaterThan(before);
    const copied = batches.filter(({ table }) => table === 'event_consumers').flatMap(({ rows }) => rows);
    expect(copied.map((row) => row[columnAt('event_consumers', 'position')])).toEqual([before]);
    await store.admin.events.forget('crm');
  });

  test('tells again what one server had not told the other when it was taken', async () => {
    const leads = await preparedLeads();
    const stuckBefore = await preparedLeads();
    // The ledger fails: the documents' events wait in their outbox.
    faults.failNext({ home: 'ledger', at: 'before-commit' });
    await store.admin.leads.update(leads[0] ?? '', { fields: { city: 'Solapur' } });
    // The documents fail: the ledger's events wait.
    faults.failNext({ home: 'documents', at: 'before-commit' });
    await store.admin.leads.assign(leads[1] ?? '', { to: 'ravi' });
    faults.failNext({ home: 'documents', at: 'before-commit' });
    await store.admin.leads.unassign(stuckBefore[2] ?? '');
    const batches = await snapshotDuring({
      // Told between the two moments of the ledger, so that neither outbox has them afterwards.
      documents: () => store.lms.tick(),
    });
    const { copy, rows } = await copyOf(batches, 'sqlite');
    expectOneStore(rows);
    expect((await copy.admin.leads.get(leads[1] ?? '')).ownerId).toBe('ravi');
    expect((await copy.admin.leads.get(stuckBefore[2] ?? '')).ownerId).toBeNull();
    await copy.lms.close();
  });

  test('keeps nothing in the ledger of a lead that the documents do not know yet', async () => {
    const late: string[] = [];
    const batches = await snapshotDuring({
      documents: async () => {
        const made = await store.admin.leads.create(loanLead());
        late.push(made.id);
        // The documents fail: the ledger keeps the event, and the record of the command.
        faults.failNext({ home: 'documents', at: 'before-commit' });
        await store.admin.leads.assign(made.id, { to: 'ravi' }, { idempotencyKey: 'late' });
      },
    });
    const text = JSON.stringify(batches);
    for (const id of late) expect(text).not.toContain(id);
    const { copy, rows } = await copyOf(batches, 'hybrid');
    expectOneStore(rows);
    await copy.lms.close();
  });

  test('leaves out what is told of lines, mappings and imports after the documents were fixed', async () => {
    const { imports, schemas } = store.admin;
    const mapping = { productLine: 'personal-loan', document: { columns: {} } };
    await imports.mappings.save({ ...mapping, name: 'kept' });
    const definition = await schemas.definition('personal-loan');
    const batches = await snapshotDuring({
      earlier: () => importRow('before'),
      documents: async () => {
        await schemas.publish({ ...Object(definition), name: 'Personal loans' });
        await imports.mappings.save({ ...mapping, name: 'too late' });
        await imports.mappings.remove({ productLine: 'personal-loan', name: 'kept' });
        await importRow('after');
      },
    });
    const { copy, rows } = await copyOf(batches, 'sqlite');
    expectOneStore(rows);
    expect(rows['saved_mappings']?.map((row) => row['name'])).toEqual(['kept']);
    const told = rows['audit']?.filter((row) => ['mapping', 'import'].includes(String(row['aggregate_kind'])));
    expect(told?.map((row) => row['event_type'])).toEqual(['mapping.saved']);
    // The first import is one that broke off before it was told of: its leads are there, and its file makes no other ones.
    expect(rows['import_runs'] ?? []).toEqual([]);
    expect(await importRow('before', copy)).toMatchObject({ counts: { created: 0, duplicates: 1 } });
    expect(await importRow('after', copy)).toMatchObject({ counts: { created: 1 } });
    await copy.lms.close();
  });
});

const importMobiles = { before: '9822000001', after: '9822000002' };

/** Imports a file of one row, which is the same each time. */
async function importRow(name: keyof typeof importMobiles, into: TestStore = store): Promise<unknown> {
  const file = join(folder, `${name}.csv`);
  await writeFile(file, `Full name,Mobile number,Loan amount\nAsha ${name},${importMobiles[name]},500000\n`);
  return into.admin.imports.run({ file, productLine: 'personal-loan' });
}

test('one that is taken while the look-up key is changed is of one key: what the ledger has is found by what the documents have', async () => {
  const lead = loanLead();
  const { id } = await store.admin.leads.create(lead);
  await store.admin.consents.block(id, { channel: 'call', source: 'call' });
  await store.lms.settle();
  let rotations = 0;
  const batches = await snapshotDuring({
    async documents() {
      if (rotations > 0) return;
      rotations += 1;
      await store.admin.keys.rotateLookup();
    },
  });
  const { copy } = await copyOf(batches, 'hybrid');
  expect((await copy.admin.leads.find(String(lead.fields['mobile']))).leads).toHaveLength(1);
  await expect(copy.admin.leads.create(lead)).rejects.toMatchObject({ code: 'LEAD_DUPLICATE' });
  await copy.admin.leads.delete(id);
  const back = await copy.admin.leads.create(lead);
  expect(await copy.admin.consents.blocks(back.id)).toHaveLength(1);
  await copy.lms.close();
}, 120_000);
