import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loanLine } from '../../../../test-support/loan-line.js';
import { root } from '../../../../test-support/store.js';
import { acme, vehicleLine } from '../../../../test-support/vehicle-plugin.js';
import { createLms, keyFile, type Lms } from '../../../index.js';
import { sqlite } from '../../../storage/sqlite.js';
import { ThreadBatches } from './thread-batches.js';

describe('rows of a line with types of plugins', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lms-types-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const rowCount = 600;
  const headings = 'Full name,Mobile,Registration No,Gold,Unknown';
  const rows = Array.from({ length: rowCount }, (_, at) => {
    return `Asha Rao,${9_300_000_000 + at},MH 12 AB ${1000 + at},${at % 100} g,${'x'.repeat(500)}`;
  });

  async function storeNamed(name: string, line: object): Promise<Lms> {
    const storage = sqlite({ file: join(folder, `${name}.db`) });
    const lms = await createLms({ storage, plugins: [acme], imports: { batchSize: 25 } });
    await lms.bootstrapAdmin({ id: 'root', name: 'Root' });
    await lms.as(root).schemas.publish(line);
    await writeFile(join(folder, 'long.csv'), [headings, ...rows].join('\n'));
    return lms;
  }

  it('reads a file that is long enough for a thread, which has no plugins, where it was called', async () => {
    const lms = await storeNamed('long', vehicleLine);
    const started = vi.spyOn(ThreadBatches, 'start');
    const { counts } = await lms.as(root).imports.run({ file: join(folder, 'long.csv'), productLine: 'vehicle-loan' });
    expect([counts.created, started.mock.calls.length]).toEqual([rowCount, 0]);
    started.mockRestore();
    await lms.as(root).backups.create({ file: join(folder, 'long.backup') });
    await lms.close();
    const restored = await createLms({
      storage: sqlite({ file: join(folder, 'restored.db') }),
      key: keyFile(join(folder, 'long.db.key')),
    });
    await restored.restore({ file: join(folder, 'long.backup') });
    const { items } = await restored.as(root).leads.list({ productLine: 'vehicle-loan' }).page();
    expect(items[0]?.values).toMatchObject({ vehicle: expect.stringMatching(/^MH12AB1/) });
    await restored.close();
  }, 60_000);

  it('ends an import on a thread when a type of a plugin is published under it', async () => {
    const { unique: _unique, index: _index, fields, ...line } = vehicleLine;
    const plain = { ...line, unique: [], pipeline: loanLine.pipeline, fields: fields.slice(0, 2) };
    const lms = await storeNamed('published', plain);
    const admin = lms.as(root);
    let publishing: Promise<unknown> | null = null;
    const run = admin.imports.run(
      { file: join(folder, 'long.csv'), productLine: 'vehicle-loan' },
      {
        onProgress: () => {
          publishing ??= admin.schemas.publish({ ...plain, fields });
        },
      },
    );
    await expect(run).rejects.toMatchObject({ code: 'DEFINITION_CONFLICT', message: expect.stringContaining('again') });
    await publishing;
    const [failed] = await admin.imports.list();
    const taken = failed?.counts.created ?? 0;
    expect([failed?.status, taken > 0, taken < rowCount]).toEqual(['failed', true, true]);
    expect(await admin.leads.count({ productLine: 'vehicle-loan' })).toMatchObject({ leads: taken });
    await lms.close();
  }, 60_000);
});
