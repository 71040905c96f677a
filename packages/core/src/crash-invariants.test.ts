import { copyFile, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crashLine, personOf } from '../test-support/crash-matrix/crash-line.js';
import { CrashMatrix } from '../test-support/crash-matrix/crash-matrix.js';
import { brokenInvariants, invariants } from '../test-support/crash-matrix/invariants.js';
import { torn } from '../test-support/crash-matrix/operations.js';
import { readRawState } from '../test-support/crash-matrix/read-raw.js';
import { makePlace, type StorePlace } from '../test-support/shapes.js';
import { openStore } from '../test-support/store.js';

/** What a crash could leave, by the invariant that must notice it. */
const damages: Readonly<Record<string, string>> = {
  'no number is given twice, and none is ahead of its counter': 'update counters set last = last - 1',
  'unique keys are those of the leads that are open': "delete from unique_keys where rule = 'email'",
  'every lead has its data key, and no other is there':
    "insert into data_keys (kind, id, wrapped, master_key_id) values ('lead', 'gone', 'x', 'x')",
  'facts are the state of their lead': "update lead_facts set stage = 'lost'",
  'stays are the history of their lead': 'delete from stage_stays where sequence = 1',
  'the field index is that of their lead': "update lead_index set text_value = 'elsewhere' where field = 'city'",
  'collaborators are those of their lead': 'delete from lead_collaborators',
  'moves are the history of their lead': 'delete from moves where from_stage is not null',
  'owners are the active placements': "update placements set status = 'released', exclusive_lead_id = null",
  'activities are counted':
    "insert into lead_activities (lead_id, id, type, at, actor, data) select id, json_extract(document, '$.activities[0].id'), 'NOTE', '', '', '{}' from leads",
  'nothing waits in an outbox': "insert into outbox (home, id, event) values ('documents', 'left', '{}')",
  'teams of users are as the users say': 'delete from user_teams',
  'lines stand at their newest definitions': "delete from definition_versions where part = 'pipeline'",
  'what a receipt says was taken is there, once': 'delete from leads where number = (select max(number) from leads)',
  'what a finished import counts adds up': 'update import_runs set created = created + 1',
  'the trail has one row for each effect': "delete from audit where event_type = 'lead.stage_changed'",
  'the trail has one row for each change of owner': "delete from audit where event_type = 'lead.assigned'",
  'the trail tells of each import that it began, and once how it ended':
    "delete from audit where event_type = 'import.finished'",
  'a command key stands for an effect that is there': "update commands set aggregate_id = 'gone'",
};

describe('the crash matrix', () => {
  let matrix: CrashMatrix | undefined;
  afterAll(() => matrix?.close());

  it('finds an operation whose effect can be torn apart', { timeout: 120_000 }, async () => {
    matrix = await CrashMatrix.open('sqlite');
    const { points, problems } = await matrix.cutAtSome(torn, (all) => all.filter((_point, at) => at % 16 === 0));
    expect(points).toBeGreaterThan(4);
    expect(problems.join('\n')).toContain('half of it is there; it lacks its note');
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
    const { lms, admin } = await openStore(place.handle());
    await lms.bootstrapAdmin({ id: 'root', name: 'Root' });
    await admin.schemas.publish(crashLine);
    await admin.users.create({ id: 'asha', name: 'Asha', roles: ['agent'], teams: ['west'] });
    const lead = await admin.leads.create(
      { productLine: crashLine.slug, collaboratorIds: ['asha'], fields: personOf({ serial: 1 }) },
      { idempotencyKey: 'one' },
    );
    await admin.leads.completeTask(lead.id, 'first-call', { fields: { outcome: 'keen' } });
    await admin.leads.move(lead.id, { to: 'contacted' });
    await admin.leads.assign(lead.id, { to: 'asha' });
    const { fullName, mobile, email, pan } = personOf({ serial: 2 });
    await writeFile(`${file}.csv`, `fullName,mobile,email,pan\n${[fullName, mobile, email, pan].join(',')}`);
    await admin.imports.run({ file: `${file}.csv`, productLine: crashLine.slug });
    await lms.close();
  });
  afterAll(() => place.remove());

  async function brokenAfter(damage: string | null): Promise<readonly string[]> {
    copies += 1;
    const copy = `${file}-${copies}`;
    await copyFile(file, copy);
    const database = new DatabaseSync(copy, { enableForeignKeyConstraints: false });
    if (damage !== null) expect(database.prepare(damage).run().changes).toBeGreaterThan(0);
    database.close();
    return brokenInvariants(await readRawState({ shape: 'sqlite', file: copy }));
  }

  it('hold of a store that nothing was done to', async () => {
    expect(await brokenAfter(null)).toEqual([]);
  });

  it('are each proven by a damage', () => {
    expect(Object.keys(damages)).toEqual(invariants.map(({ name }) => name));
  });

  it.each(Object.entries(damages))('%s', async (name, damage) => {
    expect((await brokenAfter(damage)).join('\n')).toContain(`${name}: `);
  });
});
