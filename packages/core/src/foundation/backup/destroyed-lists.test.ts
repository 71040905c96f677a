import { copyFile, mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePlace, type StorePlace } from '../../../test-support/shapes.js';
import { loanLead, newStore, root, type TestStore } from '../../../test-support/store.js';
import {
  createLms,
  type KeySource,
  type Lms,
  masterKeyOf,
  type RestoredBackup,
  type StoreRestoreRequest,
} from '../../index.js';
import { sqlite } from '../../storage/sqlite.js';
import { testKey } from '../../testing/index.js';

let folder: string;
let place: StorePlace;
let store: TestStore;
/** Three backups of one store, a day apart; a lead was erased after each of the first two. */
let old: string;
let later: string;
let latest: string;
let latestAt: string;
/** A backup of another store. */
let foreign: string;
/** And of one with another master key. */
let otherKey: string;
let made = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-destroyed-lists-'));
  place = await makePlace('sqlite');
  store = await newStore(place.handle());
  const lead = await store.admin.leads.create(loanLead());
  old = await backedUp('old');
  await erase(lead.id, '2026-02-01T00:00:00.000Z');
  later = await backedUp('later');
  // A lead that the oldest backup does not have.
  const young = await store.admin.leads.create(loanLead());
  await erase(young.id, '2026-02-02T00:00:00.000Z');
  latest = await backedUp('latest');
  latestAt = new Date(store.clock.now()).toISOString();
  foreign = await backedUpElsewhere('foreign', testKey);
  otherKey = await backedUpElsewhere('other-key', {
    load: async () => masterKeyOf(new Uint8Array(32).fill(9), 'another key'),
  });
});

async function backedUpElsewhere(name: string, key: KeySource): Promise<string> {
  const theirs = await makePlace('sqlite');
  const other = await newStore(theirs.handle(), undefined, { key });
  const file = join(folder, `${name}.lmsbackup`);
  await other.admin.backups.create({ file });
  await other.lms.close();
  await theirs.remove();
  return file;
}

afterAll(async () => {
  await store.lms.close();
  await place.remove();
  await rm(folder, { recursive: true, force: true });
});

async function backedUp(name: string): Promise<string> {
  store.clock.advance('24h');
  const file = join(folder, `${name}.lmsbackup`);
  await store.admin.backups.create({ file });
  return file;
}

async function erase(leadId: string, at: string): Promise<void> {
  const storage = place.handle();
  await storage.open();
  await storage.unitOfWork.run('documents', (unit) => storage.dataKeys.destroy(unit, 'lead', leadId, at));
  await storage.close();
}

/** A folder with the oldest backup, and beside it the lists of these backups under their names. */
async function folderOfOld(lists: readonly string[]): Promise<{ own: string; file: string }> {
  const own = await mkdtemp(join(folder, 'own-'));
  const file = join(own, 'old.lmsbackup');
  await copyFile(old, file);
  for (const each of lists)
    await copyFile(`${each}.destroyed`, join(own, `${each.slice(folder.length + 1)}.destroyed`));
  return { own, file };
}

interface Restored {
  readonly lms: Lms;
  readonly target: string;
  readonly outcome: RestoredBackup;
}

async function restored(request: StoreRestoreRequest): Promise<Restored> {
  made += 1;
  const target = join(folder, `copy-${made}.db`);
  const lms = await createLms({ storage: sqlite({ file: target }), key: testKey });
  return { lms, target, outcome: await lms.restore(request) };
}

async function outcomeOf(request: StoreRestoreRequest): Promise<RestoredBackup> {
  const { lms, outcome } = await restored(request);
  await lms.close();
  return outcome;
}

/** A restore that is refused leaves no store. */
async function expectRefused(request: StoreRestoreRequest, code: string, message: RegExp = /./): Promise<void> {
  made += 1;
  const target = join(folder, `copy-${made}.db`);
  const lms = await createLms({ storage: sqlite({ file: target }), key: testKey });
  await expect(lms.restore(request)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  expect(await stat(target).catch(() => null)).toBeNull();
  await lms.close();
}

/** Each changes one place of a list. */
const damages = {
  end: (text: string) => text.replace(/"count":\d+/, '"count":9'),
  head: (text: string) => text.replace('{', '['),
  lineage: (text: string) => text.replace(/(?<="lineage":".)./, (one) => (one === '_' ? 'A' : '_')),
  writtenAt: (text: string) => text.replace(/"writtenAt":"2026/, '"writtenAt":"2016'),
  half: (text: string) => text.slice(0, text.length / 2),
  all: () => '',
};

function isDamage(how: string): how is keyof typeof damages {
  return how in damages;
}

/** Damages a list on the disk, whose file stays as old as it was. */
async function damage(list: string, how: keyof typeof damages = 'end'): Promise<void> {
  const text = await readFile(list, 'utf8');
  const { writtenAt = '' } = /"writtenAt":"(?<writtenAt>[^"]+)"/.exec(text)?.groups ?? {};
  await writeFile(list, damages[how](text));
  await utimes(list, new Date(writtenAt), new Date(writtenAt));
}

describe('keys that were destroyed', () => {
  test('stay destroyed in a restore of an older backup, through the list of a later one', async () => {
    const { file } = await folderOfOld([old, later]);
    const first = await restored({ file });
    expect(first.outcome).toMatchObject({ destroyedKeys: 1 });
    const copy = sqlite({ file: first.target });
    await copy.open();
    const [erased] = (await store.admin.audit.list({ eventType: 'lead.created', limit: 500 })).rows.slice(-1);
    expect(await copy.dataKeys.find(null, 'lead', [erased?.aggregate.id ?? ''])).toMatchObject([
      { wrapped: '', destroyedAt: '2026-02-01T00:00:00.000Z' },
    ]);
    await copy.close();
    await first.lms.close();
  });

  test('are told of by the backups of the restored store too, also where that never had the lead', async () => {
    const { file } = await folderOfOld([old, later, latest]);
    const { lms, outcome } = await restored({ file });
    expect(outcome).toMatchObject({ destroyedKeys: 1, destroyedKeysUntil: latestAt });
    const next = await lms.as(root).backups.create({ file: join(folder, 'next.lmsbackup') });
    expect(next.destroyedKeys).toBe(2);
    await lms.close();
  });
});

describe('a backup without a list beside it', () => {
  test('is restored only when that is said, or a list is named', async () => {
    const { file } = await folderOfOld([]);
    await expectRefused({ file }, 'BACKUP_KEYS_UNLISTED');
    expect(await outcomeOf({ file, withoutDestroyedKeys: true })).toMatchObject({ destroyedKeyLists: [] });
    const list = `${old}.destroyed`;
    expect(await outcomeOf({ file, destroyedKeys: [list] })).toMatchObject({ destroyedKeyLists: [list] });
  });
});

describe('a list that is damaged', () => {
  test('is refused where there is no other, unless it is said to go without', async () => {
    const { file } = await folderOfOld([old]);
    await damage(`${file}.destroyed`);
    await expectRefused({ file }, 'BACKUP_KEYS_DAMAGED', /old\.lmsbackup\.destroyed/);
    expect(await outcomeOf({ file, withoutDestroyedKeys: true })).toMatchObject({
      destroyedKeyLists: [],
      unreadableLists: [`${file}.destroyed`],
      destroyedKeysUntil: null,
    });
  });

  test('is passed over and told where a later one is whole, as that has what it had', async () => {
    const { own, file } = await folderOfOld([old, later, latest]);
    await damage(`${file}.destroyed`);
    await damage(join(own, 'later.lmsbackup.destroyed'));
    expect(await outcomeOf({ file })).toMatchObject({
      destroyedKeys: 1,
      destroyedKeyLists: [join(own, 'latest.lmsbackup.destroyed')],
      unreadableLists: [join(own, 'later.lmsbackup.destroyed'), `${file}.destroyed`],
      destroyedKeysUntil: latestAt,
    });
  });

  test.each(Object.keys(damages).filter(isDamage))(
    'is refused where it is the newest, whatever is damaged: %s',
    async (how) => {
      const { own, file } = await folderOfOld([old, later, latest]);
      const newest = join(own, 'latest.lmsbackup.destroyed');
      // Its backup is there, so that it is a list even where nothing in it says so.
      await copyFile(latest, join(own, 'latest.lmsbackup'));
      await damage(newest, how);
      await expectRefused({ file }, 'BACKUP_KEYS_DAMAGED', /latest/);
      expect(await outcomeOf({ file, withoutDestroyedKeys: true })).toMatchObject({
        destroyedKeys: 1,
        unreadableLists: [newest],
      });
    },
  );

  test('is as old as the name says that its backup was given, whatever its file says', async () => {
    const { own, file } = await folderOfOld([old, later]);
    const names = { older: 'lms-20260101T000000000Z-00000000', newer: 'lms-20990101T000000000Z-00000000' };
    const list = (name: string): string => join(own, `${name}.lmsbackup.destroyed`);
    await writeFile(list(names.older), 'nothing of it is left');
    expect(await outcomeOf({ file })).toMatchObject({ destroyedKeys: 1, unreadableLists: [list(names.older)] });
    await writeFile(list(names.newer), 'nothing of it is left');
    await utimes(list(names.newer), 0, 0);
    await expectRefused({ file }, 'BACKUP_KEYS_DAMAGED', /2099/);
  });

  test('is refused where somebody named it', async () => {
    const { own, file } = await folderOfOld([old, latest]);
    const named = join(own, 'named.list');
    await copyFile(`${later}.destroyed`, named);
    await damage(named);
    await expectRefused({ file, destroyedKeys: [named] }, 'BACKUP_KEYS_DAMAGED', /named\.list/);
  });
});

describe('what else lies beside a backup and is called as a list is', () => {
  test('stands in the way of no restore: a folder, a file of another kind, lists of other stores', async () => {
    const { own, file } = await folderOfOld([old, foreign, otherKey]);
    await mkdir(join(own, 'folder.destroyed'));
    await writeFile(join(own, 'notes.destroyed'), 'another program wrote this');
    expect(await outcomeOf({ file })).toMatchObject({
      destroyedKeyLists: [`${file}.destroyed`],
      unreadableLists: [join(own, 'folder.destroyed'), join(own, 'notes.destroyed')],
    });
    await expectRefused({ file, destroyedKeys: [`${foreign}.destroyed`] }, 'BACKUP_KEYS_DAMAGED', /another store/);
  });

  test('may be of this store while it is damaged, whoever it says it is of', async () => {
    const { own, file } = await folderOfOld([old, foreign]);
    await damage(join(own, 'foreign.lmsbackup.destroyed'));
    const newer = new Date('2026-03-01T00:00:00.000Z');
    await utimes(join(own, 'foreign.lmsbackup.destroyed'), newer, newer);
    await expectRefused({ file }, 'BACKUP_KEYS_DAMAGED', /foreign/);
  });
});
