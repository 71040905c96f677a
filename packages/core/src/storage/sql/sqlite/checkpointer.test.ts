import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleSource } from '../../../conformance/run-conformance.js';
import { sampleLead } from '../../../conformance/samples.js';
import { sqlite } from '../../sqlite.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-log-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the write-ahead log', () => {
  it('stays small under steady writing, loses nothing, and is gone when the store is closed', async () => {
    const file = join(folder, 'lms.db');
    const storage = sqlite({ file });
    const context = sampleSource();
    const properties = { note: 'x'.repeat(60_000) };
    const writers = 16;
    const each = 210;
    await Promise.all(
      Array.from({ length: writers }, async () => {
        for (let index = 0; index < each; index += 1) {
          const lead = sampleLead(context, { properties });
          await storage.unitOfWork.run('documents', (unit) => storage.leads.insert(unit, [lead]));
        }
      }),
    );
    const written = writers * each * 60_000;
    const log = (await stat(`${file}-wal`)).size;
    // At 24,000 pages of 4 KB a commit copies the log itself, however late the thread is.
    expect(log).toBeLessThan(written * 0.6);
    let found = 0;
    let page = await storage.leads.scan(null, 500);
    while (page.length > 0) {
      found += page.length;
      page = await storage.leads.scan(page.at(-1)?.id ?? null, 500);
    }
    expect(found).toBe(writers * each);
    await storage.close();
    await expect(stat(`${file}-wal`)).rejects.toMatchObject({ code: 'ENOENT' });
  }, 60_000);
});
