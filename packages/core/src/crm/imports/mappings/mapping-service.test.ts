import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeShapes } from '../../../../test-support/shapes.js';
import { newStore, openStore } from '../../../../test-support/store.js';
import { type MappingDocument, mappingUsed, withMapping } from './index.js';

const line = 'personal-loan';
const document: MappingDocument = {
  productLine: line,
  dateOrder: 'mdy',
  columns: { Who: 'fullName', Ring: 'mobile', Born: { field: 'birthDate', dateOrder: 'dmy' }, Amt: '-' },
};

describeShapes((makeStorage, { anotherHandle }) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lms-mappings-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('keeps one mapping a name, with versions, and audits each change', async () => {
    const storage = await makeStorage();
    const { admin } = await newStore(storage);
    const saved = await admin.imports.mappings.save({ productLine: line, name: ' Bank  X ', document });
    expect(saved).toMatchObject({ name: 'Bank X', version: 1, savedBy: 'user:root', document });
    const second = await admin.imports.mappings.save({ productLine: line, name: 'Bank X', document });
    expect(second).toMatchObject({ id: saved.id, version: 2 });
    const other = await openStore(await anotherHandle(storage));
    expect(await other.admin.imports.mappings.get({ productLine: line, name: 'Bank X' })).toEqual(second);
    await admin.imports.mappings.save({ productLine: line, name: 'Aggregator', document: { columns: {} } });
    expect((await admin.imports.mappings.list({ productLine: line })).map(({ name }) => name)).toEqual([
      'Aggregator',
      'Bank X',
    ]);
    await admin.imports.mappings.remove({ productLine: line, name: 'Bank X' });
    expect(await admin.imports.mappings.find({ productLine: line, name: 'Bank X' })).toBeNull();
    await expect(admin.imports.mappings.remove({ productLine: line, name: 'Bank X' })).rejects.toMatchObject({
      code: 'MAPPING_NOT_FOUND',
    });
    const trail = await admin.audit.list({ limit: 50 });
    const commands = trail.rows.map((row) => row.command).filter((command) => command.startsWith('mappings.'));
    expect(commands.sort()).toEqual(['mappings.remove', 'mappings.save', 'mappings.save', 'mappings.save']);
  });

  it('saves over the version it expects, and of callers at once lets each know', async () => {
    const { admin } = await newStore(await makeStorage());
    const save = (expectedVersion?: number): Promise<{ version: number }> =>
      admin.imports.mappings.save(
        { productLine: line, name: 'x', document },
        expectedVersion === undefined ? {} : { expectedVersion },
      );
    expect(await save(0)).toMatchObject({ version: 1 });
    await expect(save(0)).rejects.toMatchObject({ code: 'MAPPING_CONFLICT' });
    const versions = await Promise.all(Array.from({ length: 5 }, () => save()));
    expect(versions.map(({ version }) => version).sort()).toEqual([2, 3, 4, 5, 6]);
  });

  it('refuses what the line has not, and who may not', async () => {
    const store = await newStore(await makeStorage());
    const { mappings } = store.admin.imports;
    const bad = { ...document, productLine: 'other', columns: { Who: 'fulName', Ring: '-' } };
    await expect(mappings.save({ productLine: line, name: 'x', document: bad })).rejects.toMatchObject({
      code: 'IMPORT_MAPPING_INVALID',
      details: { problems: [{ path: 'columns.Who' }, { path: 'productLine' }] },
    });
    await expect(mappings.save({ productLine: 'nope', name: 'x', document })).rejects.toMatchObject({
      code: 'LINE_NOT_FOUND',
    });
    await expect(mappings.save({ productLine: line, name: ' \u200b', document })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    const manager = await store.user('meera', ['manager'], ['pune']);
    await manager.imports.mappings.save({ productLine: line, name: 'x', document });
    const agent = await store.user('ravi', ['agent']);
    await expect(agent.imports.mappings.list()).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    await expect(agent.imports.mappings.save({ productLine: line, name: 'x', document })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
  });

  it('reads the next file as the last one: dates of single columns too', async () => {
    const { admin } = await newStore(await makeStorage());
    const file = join(folder, 'bank.csv');
    await writeFile(file, 'Who,Ring,Born,Amt\nAsha,98765 00001,05/06/1990,1\nRavi,98765 00002,25/12/1985,2\n');
    const request = withMapping({ file, productLine: line }, document, 'Bank X');
    const result = await admin.imports.run(request);
    expect(result).toMatchObject({ counts: { created: 2 }, columns: { length: 3 } });
    const page = await admin.leads.list({ productLine: line }).page({ limit: 10 });
    const asha = page.items.find((lead) => lead.name === 'Asha');
    const lead = await admin.leads.get(asha?.id ?? '');
    expect(lead.values).toMatchObject({ birthDate: '1990-06-05' });
    expect(lead.entered).toMatchObject({ birthDate: '05/06/1990' });

    const kept = mappingUsed(request, result);
    expect(kept).toEqual({ ...document, dateOrder: 'mdy' });
    await admin.imports.mappings.save({ productLine: line, name: 'Bank X', document: kept });
    await writeFile(file, 'Who,Phone,Born\nAsha,98765 00003,05/06/1990\n');
    await expect(admin.imports.plan(request)).rejects.toThrow(/mapping "Bank X" reads a column "Ring"/);
  });
});
