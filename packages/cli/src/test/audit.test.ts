import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LmsFolder } from './lms-process.js';

let folder: LmsFolder;
let file: string;

function byHand(statement: string): void {
  const database = new DatabaseSync(file);
  database.exec(statement);
  database.close();
}

describe('the trail', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    folder = await LmsFolder.make();
    await folder.lms(['init', '--yes', '--template', 'personal-loan']);
    const configuration = JSON.parse(await readFile(folder.file('lms.config.json'), 'utf8'));
    file = folder.file(configuration.stores[configuration.defaultStore].file);
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it('is listed, sealed, published and verified, and what was changed by hand is named with exit code 4', async () => {
    expect((await folder.lms(['audit', 'seal'])).stdout).toMatch(/^\d+ rows sealed\n$/);
    const listed = await folder.lms(['audit', 'list', '--type', 'schema.published', '--json']);
    const [row] = JSON.parse(listed.stdout).items;
    expect(row).toMatchObject({ eventType: 'schema.published', position: expect.any(Number) });
    expect((await folder.lms(['audit', 'list'])).stdout).toContain('schema.published');
    expect((await folder.lms(['audit', 'list', '--by', 'nobody'])).stderr).toContain('Nothing in the trail');

    const head = (await folder.lms(['audit', 'head'])).stdout.trim();
    expect(head).toMatch(/^\d+:[0-9a-f]{64}$/);
    const verified = await folder.lms(['audit', 'verify', '--head', head]);
    expect(verified).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('all as they were sealed') });
    expect(await folder.lms(['audit', 'verify', '--head', 'short'])).toMatchObject({ exitCode: 2 });

    byHand(`update audit set actor = 'user:mallory' where id = '${row.id}'`);
    const found = await folder.lms(['audit', 'verify']);
    expect(found).toMatchObject({ exitCode: 4, stdout: expect.stringContaining(row.id) });
    expect(found.stdout).toMatch(/changed/);
    const json = JSON.parse((await folder.lms(['audit', 'verify', '--json'])).stdout);
    expect(json).toMatchObject({ ok: false, findings: [{ kind: 'changed', position: row.position, id: row.id }] });
    byHand(`update audit set actor = '${row.actor}' where id = '${row.id}'`);
    expect(await folder.lms(['audit', 'verify'])).toMatchObject({ exitCode: 0 });
  });

  it('is exported, by the name of the file as text to verify or as a table', async () => {
    const exported = await folder.lms(['audit', 'export', 'trail.ndjson']);
    expect(exported).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Exported \d+ rows to trail.ndjson/),
    });
    expect(await readFile(folder.file('trail.ndjson'), 'utf8')).toMatch(/^\{"position":1,"payload":"/);
    expect(await folder.lms(['audit', 'export', 'trail.ndjson'])).toMatchObject({ exitCode: 5 });
    expect(await folder.lms(['audit', 'export', 'trail.csv', '--to', '1'])).toMatchObject({ exitCode: 0 });
    expect(await folder.lms(['audit', 'export', 'trail.txt', '--format', 'xlsx'])).toMatchObject({ exitCode: 2 });
  });

  it('makes lms doctor fail when its head was written by somebody else', async () => {
    expect((await folder.lms(['doctor'])).stdout).toMatch(/ok {4}trail: sealed up to position \d+/);
    byHand("update audit_heads set mac = 'ab' where name = 'now'");
    expect(await folder.lms(['doctor'])).toMatchObject({
      exitCode: 7,
      stdout: expect.stringContaining('FAIL  trail: its head'),
    });
  });
});
