import { copyFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crashLine, personOf } from '../test-support/crash-matrix/crash-line.js';
import { CrashMatrix } from '../test-support/crash-matrix/crash-matrix.js';
import { brokenInvariants, invariants } from '../test-support/crash-matrix/invariants.js';
import { torn } from '../test-support/crash-matrix/operations.js';
import { readRawState } from '../test-support/crash-matrix/read-raw.js';
import { recoverPoints } from '../test-support/crash-matrix/recover-points.js';
import { readStoreRows } from '../test-support/crash-matrix/store-rows.js';
import { withTwoHomes } from '../test-support/crash-matrix/two-homes.js';
import { makePlace, type StoreAddress, type StorePlace } from '../test-support/shapes.js';
import { openStore } from '../test-support/store.js';
import type { Lms, NewLead } from './index.js';
import { type Faults, withFaults } from './testing/index.js';

/** What a crash could leave, by the invariant that must notice it; each damage is of its own. */
const damages: Readonly<Record<string, readonly string[]>> = {
  'no number is given twice, and none is ahead of its counter': ['update counters set last = 1'],
  'unique keys are those of the leads that are open': [
    "delete from unique_keys where rule = 'email'",
    "update unique_keys set hash = hash || 'x' where rule = 'mobile'",
    "update unique_keys set scope = 'another-line' where rule = 'pan'",
  ],
  'every lead has its data key, and no other is there': [
    "insert into data_keys (kind, id, wrapped, master_key_id) values ('lead', 'gone', '', 'x')",
  ],
  'facts are the state of their lead': ["update lead_facts set stage = 'lost'"],
  'stays are the history of their lead': ['delete from stage_stays where sequence = 1'],
  'the field index is that of their lead': ["update lead_index set text_value = 'elsewhere' where field = 'city'"],
  'collaborators are those of their lead': ['delete from lead_collaborators'],
  'moves are the history of their lead': ['delete from moves where from_stage is not null'],
  'owners are the active placements': ["update placements set status = 'released', exclusive_lead_id = null"],
  'activities are there once, as many as their lead counts': [
    "insert into lead_activities (lead_id, id, type, at, actor, data) select id, json_extract(document, '$.activities[0].id'), 'NOTE', '', '', '{}' from leads",
    "update leads set document = json_remove(document, '$.activities[0]')",
    "delete from lead_activities where type not in ('ASSIGNED', 'PLACEMENT_REFUSED')",
  ],
  'activities of placements are those that the trail tells': [
    "delete from lead_activities where type = 'ASSIGNED'",
    "update lead_activities set type = 'ASSIGNED' where type = 'PLACEMENT_REFUSED'",
  ],
  'nothing waits in an outbox': ["insert into outbox (home, id, event) values ('documents', 'left', '{}')"],
  'teams of users are as the users say': ['delete from user_teams'],
  'roles of users are as the users say': ["delete from user_roles where role = 'admin'"],
  'lines stand at their newest definitions': ["delete from definition_versions where part = 'pipeline'"],
  'what a receipt says was taken is there, once': [
    'delete from leads where number = (select max(number) from leads)',
    'insert into import_receipts (source, batch, version, taken, at) select source, 9, 1, taken, at from import_receipts',
  ],
  'a lead that an import made has its row in a receipt': ['delete from import_receipts'],
  'what a finished import counts adds up': ['update import_runs set created = created + 1'],
  'a finished import took as many rows as it says': [
    'update import_runs set created = created - 1, duplicates = duplicates + 1',
  ],
  'every lead that was made with an owner has one outcome of its placement': [
    "delete from step_outcomes where outcome = 'done'",
    "delete from step_outcomes where outcome = 'refused'",
    "insert into step_outcomes (event_id, step, outcome, at) select id, 'new-lead-placement', 'done', at from audit where event_type = 'lead.updated'",
  ],
  'outcomes agree with the placements': [
    "update step_outcomes set outcome = 'done', code = null where outcome = 'refused'",
    "update step_outcomes set outcome = 'refused', code = 'USER_INACTIVE' where outcome = 'done'",
    "update step_outcomes set code = 'LEAD_DELETED' where outcome = 'refused'",
    'delete from placements where id in (select event_id from step_outcomes)',
  ],
  'the trail has one row for each effect': [
    "delete from audit where event_type = 'lead.stage_changed'",
    "delete from audit where event_type = 'mapping.saved'",
    "insert into saved_mappings (product_line, name, id, document, version, saved_at, saved_by) select 'crash-line', 'again', aggregate_id, '{}', 1, at, actor from audit where event_type = 'mapping.removed'",
  ],
  'the trail has one row for each change of owner': ["delete from audit where event_type = 'lead.assigned'"],
  'the trail tells of each import that it began, and once how it ended': [
    "delete from audit where event_type = 'import.finished'",
  ],
  'sealed rows have positions without a gap, and each follows the one before it': [
    'delete from audit where position = 2',
    "update audit set prev_hash = 'another' where position = 3",
  ],
  'a command key stands for an effect that is there': ["update commands set aggregate_id = 'gone'"],
  'a job has a holder while it runs, and else none': [
    jobRow({ status: 'running', holder: null }),
    jobRow({ status: 'waiting', holder: 'gone' }),
  ],
  'a job holds its key while it waits or runs, and else not': [
    jobRow({ status: 'done', dedupe: 'key', active: 'key' }),
    jobRow({ status: 'waiting', dedupe: 'key', active: null }),
  ],
  'no job has more tries than claims, or than it may have': [
    jobRow({ status: 'waiting', attempts: 2, fence: 1 }),
    jobRow({ status: 'waiting', attempts: 6, fence: 6 }),
  ],
  'totals and the changes that wait are what the leads count': [
    'delete from lead_totals where stage = (select max(stage) from lead_totals)',
    'update lead_totals set amount_rest = amount_rest + 1',
    "update lead_totals set owner_id = owner_id || 'x'",
    'insert into lead_total_changes (product_line, presence, stage, owner_id, partner, leads, amount_lakhs, amount_rest) select product_line, presence, stage, owner_id, partner, 1, 0, 0 from lead_totals',
  ],
};

function jobRow({
  status,
  holder = null,
  dedupe = null,
  active = null,
  attempts = 0,
  fence = 0,
}: {
  readonly status: string;
  readonly holder?: string | null;
  readonly dedupe?: string | null;
  readonly active?: string | null;
  readonly attempts?: number;
  readonly fence?: number;
}): string {
  const text = (value: string | null): string => (value === null ? 'null' : `'${value}'`);
  return `insert into jobs (id, kind, status, priority, run_at, attempts, max_attempts, fence, payload, created_at, actor, correlation_id, cancel_requested, lease_holder, dedupe_key, active_key) values ('damaged', 'crash.damaged', '${status}', 1, '', ${attempts}, 5, ${fence}, '{}', '', 'system:test', 'damaged', 0, ${text(holder)}, ${text(dedupe)}, ${text(active)})`;
}

describe('the crash matrix', () => {
  let matrix: CrashMatrix | undefined;
  afterAll(() => matrix?.close());

  it('finds an operation whose effect can be torn apart', { timeout: 120_000 }, async () => {
    matrix = await CrashMatrix.open('sqlite');
    const { points, problems } = await matrix.cutAtSome(torn, (all) => all.filter((_point, at) => at % 16 === 0));
    expect(points).toBeGreaterThan(4);
    expect(problems.join('\n')).toContain('half of it is there; it lacks its note');
    const copied = await matrix.copyWhereItChanges(torn);
    expect(copied.points).toBeGreaterThan(points);
    expect(copied.problems.join('\n')).toContain('(copied): half of it is there; it lacks its note');
  });
});

describe('the invariants that the crash matrix looks at', () => {
  let place: StorePlace;
  let file = '';
  let copies = 0;

  beforeAll(async () => {
    place = await makePlace('sqlite');
    if (place.address.shape !== 'sqlite') throw new Error('an embedded store was wanted');
    file = place.address.file;
    // Only where the homes are apart can a placement be refused.
    const { storage, faults } = withFaults(withTwoHomes(place.handle()));
    const { lms, admin } = await openStore(storage);
    await fill(lms, admin, faults, `${file}.csv`);
    await lms.close();
  });
  afterAll(() => place.remove());

  function damagedCopy(damage: string | null): StoreAddress {
    copies += 1;
    const copy = `${file}-${copies}`;
    copyFileSync(file, copy);
    const database = new DatabaseSync(copy, { enableForeignKeyConstraints: false });
    if (damage !== null) expect(database.prepare(damage).run().changes).toBeGreaterThan(0);
    database.close();
    return { shape: 'sqlite', file: copy };
  }

  async function brokenAfter(damage: string | null): Promise<readonly string[]> {
    return brokenInvariants(await readRawState(damagedCopy(damage)));
  }

  it('hold of a store that nothing was done to', async () => {
    expect(await brokenAfter(null)).toEqual([]);
  });

  it('are each proven by a damage', () => {
    expect(Object.keys(damages)).toEqual(invariants.map(({ name }) => name));
  });

  it.each(Object.entries(damages).flatMap(([name, each]) => each.map((damage) => [name, damage] as const)))(
    '%s: %s',
    async (name, damage) => {
      expect((await brokenAfter(damage)).join('\n')).toContain(`${name}: `);
    },
  );

  it.each([
    ['restore a backup', "update users set name = 'somebody else'", 'opens, and ledger users has other rows'],
    ['restore a backup', 'delete from user_roles', 'opens, and ledger user_roles has 0 rows, not'],
    ['restore a backup', 'delete from audit', 'opens, and ledger audit has 0 rows, not'],
    ['migration', 'delete from lead_activities', 'opens, and ledger lead_activities has 0 rows, not'],
  ])('%s: it is noticed that a store opens after "%s"', async (operation, damage, noticed) => {
    const source = await readStoreRows({ shape: 'sqlite', file });
    const address = damagedCopy(damage);
    const subject = { tag: 'early', serial: 1, leads: [], folder: dirname(file), output: `${file}-output` };
    const { problems } = await recoverPoints([
      { operation, address, subject, source, label: 'cut', acknowledged: false },
    ]);
    expect(problems.join('\n')).toContain(`cut: ${noticed}`);
  });
});

/** A store that has something for each invariant to look at. */
async function fill(lms: Lms, admin: ReturnType<Lms['as']>, faults: Faults, rows: string): Promise<void> {
  await lms.bootstrapAdmin({ id: 'root', name: 'Root' });
  await admin.schemas.publish(crashLine);
  for (const id of ['asha', 'left']) await admin.users.create({ id, name: id, roles: ['agent'], teams: ['west'] });
  const lead = await admin.leads.create(newLead(1, ['asha']), { idempotencyKey: 'one' });
  await admin.leads.completeTask(lead.id, 'first-call', { fields: { outcome: 'keen' } });
  await admin.leads.move(lead.id, { to: 'contacted' });
  await admin.leads.assign(lead.id, { to: 'asha' });
  await admin.leads.update(lead.id, { fields: { city: 'Nashik' } });
  for (let note = 0; note < 100; note += 1) await admin.leads.addActivity(lead.id, { type: 'NOTE', text: 'called' });
  await lms.as({ kind: 'user', id: 'asha' }).leads.create(newLead(2));
  faults.failNext({ home: 'ledger', at: 'before-commit' });
  await lms.as({ kind: 'user', id: 'left' }).leads.create(newLead(3));
  await lms.settle();
  await admin.users.deactivate('left');
  await lms.tick();
  await admin.imports.mappings.save({ productLine: crashLine.slug, name: 'bank', document: { columns: {} } });
  await admin.imports.mappings.remove({ productLine: crashLine.slug, name: 'bank' });
  const { fullName, mobile, email, pan } = personOf({ serial: 4 });
  await writeFile(rows, `fullName,mobile,email,pan\n${[fullName, mobile, email, pan].join(',')}`);
  await admin.imports.run({ file: rows, productLine: crashLine.slug });
}

function newLead(serial: number, collaboratorIds: readonly string[] = []): NewLead {
  return { productLine: crashLine.slug, collaboratorIds, fields: personOf({ serial }) };
}
