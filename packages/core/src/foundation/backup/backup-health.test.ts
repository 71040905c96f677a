import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeShapes } from '../../../test-support/shapes.js';
import { newStore, openStore } from '../../../test-support/store.js';
import { createLms } from '../../index.js';
import { sqlite } from '../../storage/sqlite.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-backup-health-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describeShapes((makeStorage, { shape, anotherHandle }) => {
  it('tells how old the last whole backup is, in health and in findings, and fails them once that is too old', async () => {
    const storage = await makeStorage();
    const store = await newStore(storage, undefined, { backups: { warnAfter: '26h' } });
    const finding = async (lms = store.lms): Promise<unknown> =>
      (await lms.check()).find(({ name }) => name === 'backups');
    expect((await store.lms.health()).backups).toEqual({ ok: true, last: null, warnAfterMillis: 93_600_000 });
    expect(await finding()).toEqual({
      name: 'backups',
      ok: true,
      message: 'none was made yet; lms backup makes one',
    });

    // A store that works for longer than that without a backup.
    store.clock.advance('27h');
    expect(await finding()).toMatchObject({
      ok: false,
      message: expect.stringMatching(/^none was made yet; there should/),
    });

    const createdAt = new Date(store.clock.now()).toISOString();
    const file = join(folder, `${shape}.lmsbackup`);
    const { backupId } = await store.admin.backups.create({ file });
    store.clock.advance('26h');
    const last = { backupId, createdAt, file: `${shape}.lmsbackup`, ageMillis: 93_600_000 };
    expect((await store.admin.store.health()).backups).toEqual({ ok: true, last, warnAfterMillis: 93_600_000 });
    expect(await finding()).toEqual({
      name: 'backups',
      ok: true,
      message: `the last is 26 h old (${shape}.lmsbackup, ${createdAt})`,
    });

    // One that was stopped is no backup; in a file there are more of them than are read at a time.
    store.clock.advance('1m');
    for (let count = 0; count < (shape === 'sqlite' ? 51 : 1); count += 1) {
      const stop = new AbortController();
      const stopped = store.admin.backups.create(
        { file: join(folder, 'stopped.lmsbackup') },
        { signal: stop.signal, onProgress: () => stop.abort() },
      );
      await expect(stopped).rejects.toMatchObject({ code: 'COMMAND_ABORTED' });
    }
    expect(await store.lms.health()).toMatchObject({ ok: true, backups: { ok: false, last: { backupId } } });
    expect(await finding()).toMatchObject({
      ok: false,
      message: expect.stringMatching(/^the last is 26 h old .*there should be one every 26 h: run lms backup/),
    });

    const relaxed = await openStore(await anotherHandle(storage), new Date(store.clock.now()).toISOString());
    expect(await finding(relaxed.lms)).toMatchObject({
      ok: true,
      message: expect.stringMatching(/^the last is 26 h old/),
    });
  });
});

it.each(['', 'a day', '26', '0h'])('refuses "%s" as the age of a backup', async (warnAfter) => {
  const made = createLms({ storage: sqlite({ file: ':memory:' }), backups: { warnAfter } });
  await expect(made).rejects.toMatchObject({ code: 'CONFIG_INVALID', path: 'backups.warnAfter' });
});
