import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePlace, type StorePlace, testedShapes } from '../test-support/shapes.js';
import { loanLead, newStore, root } from '../test-support/store.js';
import { createLms } from './index.js';
import { testKey } from './testing/index.js';

let folder: string;
const places: StorePlace[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-trail-'));
});
afterAll(async () => {
  await Promise.all(places.map((place) => place.remove()));
  await rm(folder, { recursive: true, force: true });
});

async function newPlace(shape: (typeof testedShapes)[number]): Promise<StorePlace> {
  const place = await makePlace(shape);
  places.push(place);
  return place;
}

it.each(testedShapes)(
  'a trail of %s that is restored from a backup goes on from the heads before it, and not from those after it',
  { timeout: 60_000 },
  async (shape) => {
    const { admin, lms } = await newStore((await newPlace(shape)).handle());
    const { id } = await admin.leads.create(loanLead());
    await lms.tick();
    const before = await admin.audit.head();
    const file = join(folder, `${shape}.lmsbackup`);
    await admin.backups.create({ file });
    await admin.leads.update(id, { fields: { city: 'Goa' } });
    await lms.settle();
    await lms.tick();
    const after = await admin.audit.head();
    await lms.close();
    if (before === null || after === null) throw new Error('nothing was sealed');

    const restored = await createLms({ storage: (await newPlace(shape)).handle(), key: testKey });
    await restored.restore({ file });
    await restored.tick();
    const { audit } = restored.as(root);
    expect(await audit.verify({ head: before })).toMatchObject({ ok: true, finished: true });
    expect((await audit.verify({ head: after })).ok).toBe(false);
    const told = await audit.list({ eventType: 'store.restored' });
    expect(told.rows).toMatchObject([{ position: expect.any(Number) }]);
    await restored.close();
  },
);

it.each(testedShapes)(
  'a trail of %s that is exported can be verified by its text alone; it tells of each export, and csv is for reading',
  { timeout: 60_000 },
  async (shape) => {
    const { admin, lms, user } = await newStore((await newPlace(shape)).handle());
    for (const city of ['Goa', 'Pune']) await admin.leads.create(loanLead({ city }));
    const auditor = await user('auditor', ['auditor']);
    const agent = await user('agent', ['agent']);
    await lms.settle();
    await lms.tick();
    const head = await admin.audit.head();
    const file = join(folder, `${shape}.ndjson`);
    const exported = await auditor.audit.export({ file, format: 'ndjson' });
    expect(exported).toMatchObject({ file, rows: head?.position });

    const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
    let last = '0'.repeat(64);
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    for (const [at, line] of lines.entries()) {
      const { position, payload, payloadHash, prevHash, chainHash } = JSON.parse(line);
      expect(position).toBe(at + 1);
      expect(sha256(payload)).toBe(payloadHash);
      expect(prevHash).toBe(last);
      expect(sha256(JSON.stringify({ payloadHash, position, prevHash }))).toBe(chainHash);
      last = chainHash;
    }
    expect(last).toBe(head?.chainHash);

    await lms.settle();
    const told = (await admin.audit.list({ aggregateId: exported.exportId })).rows.map(({ eventType }) => eventType);
    expect(told).toEqual(['audit.exported', 'audit.export_started']);
    await expect(auditor.audit.export({ file, format: 'ndjson' })).rejects.toMatchObject({
      code: 'EXPORT_FILE_EXISTS',
    });
    await expect(agent.audit.export({ file, format: 'ndjson' })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    const stopped = auditor.audit.export({ file, format: 'csv', replace: true }, { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'COMMAND_ABORTED' });
    const table = join(folder, `${shape}.csv`);
    await auditor.audit.export({ file: table, format: 'csv', from: 2, to: 3 });
    const csv = (await readFile(table, 'utf8')).trimEnd().split('\r\n');
    expect(csv).toHaveLength(3);
    expect(csv[0]).toContain('position,id,at,actor');
    expect(csv[1]).toMatch(/^2,/);
    await lms.close();
  },
);
