import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loanLead, newStore } from '../../../../test-support/store.js';
import { sqlite } from '../../sqlite.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-pages-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The pages that hold the text, of those that no table or index has. */
async function freePagesWith(file: string, text: string): Promise<readonly number[]> {
  const bytes = (await readFile(file)).toString('latin1');
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const size = Number(database.prepare('PRAGMA page_size').get()?.['page_size']);
    const used = new Set(
      database
        .prepare('SELECT pageno FROM dbstat')
        .all()
        .map((row) => row['pageno']),
    );
    const pages: number[] = [];
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) {
      const page = Math.floor(at / size) + 1;
      if (!used.has(page)) pages.push(page);
    }
    return pages;
  } finally {
    database.close();
  }
}

it('leaves nothing of an erased lead in pages that the file gave up, however large the lead was', async () => {
  const file = join(folder, 'lms.db');
  const { lms, admin } = await newStore(sqlite({ file }));
  const city = 'Qxcity';
  const { id } = await admin.leads.create(loanLead({ city }));
  // Several pages, which are given up whole when the lead is emptied.
  for (let note = 0; note < 40; note += 1) await admin.leads.addActivity(id, { type: 'NOTE', text: 'x'.repeat(300) });
  await lms.settle();
  expect(JSON.stringify(await admin.leads.get(id))).toContain(city);
  await admin.leads.erase(id, { reason: 'person-asked' });
  await lms.settle();
  await lms.tick();
  await lms.close();
  // The trail has it, as values of class none stand in it.
  expect((await readFile(file)).includes(city)).toBe(true);
  expect(await freePagesWith(file, city)).toEqual([]);
});
