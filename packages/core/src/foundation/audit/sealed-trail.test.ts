import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { damageLedger } from '../../../test-support/crash-matrix/damage-ledger.js';
import { allShapes, makePlace, type StorePlace } from '../../../test-support/shapes.js';
import { loanLead, newStore, openStore, type TestStore } from '../../../test-support/store.js';
import type { Storage } from '../../storage/storage.js';
import type { LeadId } from '../kernel/index.js';
import type { ChainRow, TrailHead } from './audit-chain-store.js';
import { payloadHashOf } from './audit-row.js';
import { chainHashOf } from './chain-hash.js';

const columns =
  'at, actor, via, command, event_type, aggregate_kind, aggregate_id, aggregate_version, correlation_id, changes, sealed, payload_hash';
const strangeId = '01900000-0000-7000-8000-000000000001';
const waitingId = '01900000-0000-7000-8000-000000000002';

describe.each(allShapes)('the sealed trail on %s', { timeout: 60_000 }, (shape) => {
  let place: StorePlace;
  let storage: Storage;
  let store: TestStore;
  let leadId: LeadId;
  let rows: readonly ChainRow[];
  let head: TrailHead;
  /** Where the trail ended when the first rows were sealed. */
  let early: number;

  const byHand = (...statements: readonly string[]): Promise<void> => damageLedger(place.address, statements);
  const found = async (request: Parameters<TestStore['admin']['audit']['verify']>[0] = {}) =>
    (await store.admin.audit.verify(request)).findings.map(({ kind, position, id }) => ({ kind, position, id }));

  beforeAll(async () => {
    place = await makePlace(shape);
    storage = place.handle();
    const handlers = [{ kind: 'test.done', run: async () => ({}) }];
    store = await newStore(storage, undefined, { jobs: { handlers } });
    await store.lms.tick();
    early = (await store.admin.audit.head())?.position ?? 0;
    await byHand("create table kept_early as select * from audit_heads where name = 'now'");
    const lead = await store.admin.leads.create(loanLead());
    leadId = lead.id;
    for (const city of ['Goa', 'Nagpur', 'Pune', 'Satara', 'Wai', 'Kolhapur', 'Nashik', 'Thane']) {
      await store.admin.leads.update(lead.id, { fields: { city } });
    }
    await store.lms.settle();
    await store.lms.tick();
    rows = await storage.auditChain.rows(0, 100);
    const end = await store.admin.audit.head();
    if (end === null) throw new Error('nothing was sealed');
    head = end;
    await byHand('create table kept as select * from audit', 'create table kept_heads as select * from audit_heads');
  });
  afterEach(async () => {
    await byHand('delete from audit', 'insert into audit select * from kept');
    await byHand('delete from audit_heads', 'insert into audit_heads select * from kept_heads');
    expect(await found()).toEqual([]);
  });
  afterAll(async () => {
    await store.lms.close();
    await place.remove();
  });

  const rowAt = (position: number): ChainRow => {
    const row = rows[position - 1];
    if (row === undefined) throw new Error(`there is no row at ${position}`);
    return row;
  };

  it('has every row in its place, by id, and nothing is found', async () => {
    expect(rows.length).toBeGreaterThan(9);
    expect(rows.map(({ position }) => position)).toEqual(rows.map((_, index) => index + 1));
    expect(rows.map(({ id }) => id)).toEqual(rows.map(({ id }) => id).sort());
    expect(head).toMatchObject({ position: rows.length, chainHash: rows.at(-1)?.chainHash });
    expect(await store.admin.audit.verify()).toMatchObject({ ok: true, finished: true, rows: rows.length, head });
    expect(await store.admin.audit.verify({ head })).toMatchObject({ ok: true });
    expect(await store.admin.audit.verify({ from: 3, to: 6 })).toMatchObject({ ok: true, rows: 4 });
    const health = { ok: true, problem: null, head, unsealed: 0, unsealedForMillis: 0 };
    expect((await store.lms.health()).trail).toEqual(health);
  });

  it('names a row whose value was changed', async () => {
    await byHand("update audit set actor = 'user:mallory' where position = 4");
    expect(await found()).toEqual([{ kind: 'changed', position: 4, id: rowAt(4).id }]);
    expect(await found({ from: 5 })).toEqual([]);
  });

  it('names a row that was changed with its payload hash', async () => {
    const { payload, id } = rowAt(4);
    if (payload === null) throw new Error('the row cannot be read');
    const payloadHash = payloadHashOf({ ...payload, actor: 'user:mallory' });
    await byHand(`update audit set actor = 'user:mallory', payload_hash = '${payloadHash}' where position = 4`);
    expect(await found()).toEqual([{ kind: 'changed', position: 4, id }]);
  });

  it('names a row whose contents are no JSON any more', async () => {
    await byHand("update audit set changes = '{' where position = 4");
    expect(await found()).toEqual([{ kind: 'changed', position: 4, id: rowAt(4).id }]);
  });

  it('names a row that was removed', async () => {
    await byHand('delete from audit where position = 4');
    expect(await found()).toEqual([{ kind: 'removed', position: 4, id: null }]);
  });

  it('names a row that was put in between', async () => {
    await byHand(
      'update audit set position = position + 1000 where position > 5',
      'update audit set position = position - 999 where position > 1000',
      `insert into audit (id, ${columns}, position, prev_hash, chain_hash) select '${strangeId}', ${columns}, 6, prev_hash, chain_hash from audit where position = 5`,
    );
    expect(await found()).toEqual([{ kind: 'inserted', position: 6, id: strangeId }]);
  });

  it('names a row that was put in after the head', async () => {
    const last = rows.length;
    await byHand(
      `insert into audit (id, ${columns}, position, prev_hash, chain_hash) select '${strangeId}', ${columns}, ${last + 1}, prev_hash, chain_hash from audit where position = ${last}`,
    );
    expect(await found()).toEqual([{ kind: 'inserted', position: last + 1, id: strangeId }]);
  });

  it('names two rows that changed positions', async () => {
    await byHand(
      'update audit set position = 1000 where position = 4',
      'update audit set position = 4 where position = 7',
      'update audit set position = 7 where position = 1000',
    );
    expect(await found()).toEqual([
      { kind: 'reordered', position: 4, id: rowAt(7).id },
      { kind: 'reordered', position: 7, id: rowAt(4).id },
    ]);
  });

  it('says that the end was cut off, also where the head was set back', async () => {
    const left = rows.length - 2;
    await byHand(`delete from audit where position > ${left}`);
    expect(await found()).toEqual([{ kind: 'cut', position: left + 1, id: null }]);
    await byHand(`update audit_heads set position = ${left}, chain_hash = '${rowAt(left).chainHash}'`);
    expect(new Set((await found()).map(({ kind }) => kind))).toEqual(new Set(['head']));
  });

  it('says against a head that was published that the end was cut off, whatever the store itself has', async () => {
    const left = rows.length - 2;
    const cut = [{ kind: 'cut', position: left + 1, id: null }];
    await byHand(`delete from audit where position > ${left}`, 'delete from audit_heads');
    await byHand('update audit set position = null, prev_hash = null, chain_hash = null');
    expect(await found({ head })).toEqual([{ ...cut[0], position: 1 }]);
    await store.admin.audit.seal();
    expect(await found()).toEqual([]);
    expect(await found({ head })).toEqual(cut);
  });

  it('says against a head that was published that everything is gone', async () => {
    await byHand('delete from audit', 'delete from audit_heads');
    expect(await store.admin.audit.verify({ head })).toMatchObject({
      ok: false,
      rows: 0,
      counts: { cut: head.position },
    });
    expect(await found({ head })).toEqual([{ kind: 'cut', position: 1, id: null }]);
  });

  it('says that an older head was put back, by that of the day', async () => {
    const older = ["delete from audit_heads where name = 'now'", 'insert into audit_heads select * from kept_early'];
    const notLast = { kind: 'head', position: head.position, id: null };
    await byHand(...older);
    expect(await found()).toEqual([notLast]);
    await byHand(`delete from audit where position > ${early}`);
    expect(await found()).toEqual([{ kind: 'cut', position: early + 1, id: null }, notLast]);
  });

  it.each([0, -1, -9_007_199_254_740_991])('names a row that was put before the first, at %i', async (position) => {
    await byHand(
      `insert into audit (id, ${columns}, position, prev_hash, chain_hash) select '${strangeId}', ${columns}, ${position}, prev_hash, chain_hash from audit where position = 3`,
    );
    expect(await found()).toEqual([{ kind: 'inserted', position, id: strangeId }]);
    expect(await found({ head })).toEqual([{ kind: 'inserted', position, id: strangeId }]);
  });

  it.each([
    `changes = '{"a":1e999}'`,
    `changes = concat('{"a":"', char(92), 'ud800"}')`,
    'aggregate_version = 9007199254740993000',
  ])('names a row that holds what no row can: %s', async (change) => {
    // SQLite's char() makes a character of a number, as MySQL's does.
    await byHand(`update audit set ${change} where position = 4`);
    expect(await found()).toEqual([{ kind: 'changed', position: 4, id: rowAt(4).id }]);
    expect((await store.admin.audit.list({ limit: 500 })).rows).toHaveLength(rows.length);
  });

  it('seals rows that hold what no row can, and tells of them', async () => {
    await byHand(
      `insert into audit (id, ${columns}) select '${waitingId}', ${columns} from audit where position = 4`,
      `update audit set aggregate_version = 9007199254740993000, changes = '{' where id = '${waitingId}'`,
    );
    expect(await store.admin.audit.seal()).toMatchObject({ sealed: 1 });
    const told: unknown[] = [];
    for await (const item of store.admin.events.watch({ from: rows.length, follow: false })) {
      if (item.kind === 'event') told.push([item.event.id, item.event.data]);
    }
    expect(told).toEqual([[waitingId, null]]);
  });

  it('names a row at a position that is no number here, and the one that is missing', async () => {
    await byHand('update audit set position = 9007199254740993000 where position = 4');
    expect((await found()).map(({ kind, id }) => ({ kind, id }))).toEqual([
      { kind: 'removed', id: null },
      { kind: 'inserted', id: rowAt(4).id },
    ]);
    expect((await store.lms.health()).trail).toMatchObject({ ok: false });
  });

  it('shows nothing of who it was by whom beside what its hash covers', async () => {
    const via = '{"host":"desk-7","operatingSystemUser":"asha","forged":"yes"}';
    await byHand(`update audit set via = '${via}' where position = 4`);
    const listed = (await store.admin.audit.list({ limit: 500 })).rows.find(({ id }) => id === rowAt(4).id);
    expect(listed?.via).toEqual({ host: 'desk-7', operatingSystemUser: 'asha' });
  });

  it('says that rows were made anew with all their hashes by somebody without the master key', async () => {
    let prevHash = rowAt(4).prevHash ?? '';
    for (const { id, position, payload } of rows.slice(3)) {
      if (payload === null) throw new Error('the row cannot be read');
      const actor = position === 4 ? 'user:mallory' : payload.actor;
      const payloadHash = payloadHashOf({ ...payload, actor });
      const chainHash = chainHashOf({ position, prevHash, payloadHash });
      await byHand(
        `update audit set actor = '${actor}', payload_hash = '${payloadHash}', prev_hash = '${prevHash}', chain_hash = '${chainHash}' where id = '${id}'`,
      );
      prevHash = chainHash;
    }
    const last = rows.length;
    expect(await found()).toEqual([{ kind: 'head', position: last, id: null }]);
    await byHand(`update audit_heads set chain_hash = '${prevHash}'`);
    expect(new Set((await found()).map(({ kind }) => kind))).toEqual(new Set(['head']));
    expect(await found({ head })).toContainEqual({ kind: 'head', position: last, id: null });
  });

  it('is not sealed on top of a head that somebody else has written, and health says so', async () => {
    await byHand("update audit_heads set mac = 'ab' where name = 'now'");
    await byHand(`update audit set position = null where position = ${rows.length}`);
    await expect(store.admin.audit.seal()).rejects.toMatchObject({ code: 'AUDIT_HEAD_INVALID' });
    expect(await store.lms.tick()).toMatchObject({ sealed: 0 });
    expect((await store.lms.health()).trail).toMatchObject({ ok: false, unsealed: 1 });
    const finding = (await store.lms.check()).find(({ name }) => name === 'trail');
    expect(finding).toMatchObject({ ok: false, message: expect.stringContaining('lms audit verify') });
    await byHand('delete from audit_heads');
    expect(await found()).toContainEqual({ kind: 'head', position: 1, id: null });
  });

  it.each([
    [
      'a row was put after its head',
      [
        `insert into audit (id, ${columns}, position, prev_hash, chain_hash) select '${strangeId}', ${columns}, position + 1, prev_hash, chain_hash from audit where position = (select position from kept_heads where name = 'now')`,
      ],
    ],
    ['its head was taken away', ["delete from audit_heads where name = 'now'"]],
    ['all its heads were taken away', ['delete from audit_heads']],
    [
      'an older head was put back',
      ["delete from audit_heads where name = 'now'", 'insert into audit_heads select * from kept_early'],
    ],
    [
      'an older head was put back with the rows cut off',
      [
        "delete from audit_heads where name = 'now'",
        'delete from audit where position > (select position from kept_early)',
        'insert into audit_heads select * from kept_early',
      ],
    ],
    ['only older heads are left', ['delete from audit_heads', 'insert into audit_heads select * from kept_early']],
  ] as const)('is not sealed where %s; health says so, and all other work goes on', async (_what, damage) => {
    await byHand(
      ...damage,
      `insert into audit (id, ${columns}) select '${waitingId}', ${columns} from kept where position = 2`,
    );
    const job = await store.admin.jobs.add({ kind: 'test.done', payload: null });
    expect(await store.lms.tick()).toMatchObject({ sealed: 0, jobs: { done: 1, failed: 0 } });
    expect((await store.admin.jobs.get(job.id)).status).toBe('done');
    await expect(store.admin.audit.seal()).rejects.toMatchObject({ code: 'AUDIT_HEAD_INVALID' });
    expect((await store.lms.health()).trail).toMatchObject({ ok: false, problem: expect.any(String) });
    const finding = (await store.lms.check()).find(({ name }) => name === 'trail');
    expect(finding).toMatchObject({ ok: false, message: expect.stringContaining('lms audit verify') });
    expect(await found()).not.toEqual([]);
    await store.lms.settle();
  });

  it('has a head for each day although a clock ran ahead for a while', async () => {
    const other = await openStore(place.handle(), '2026-01-18T04:30:00.000Z');
    const write = async (id: string): Promise<void> =>
      byHand(`insert into audit (id, ${columns}) select '${id}', ${columns} from kept where position = 2`);
    await write(waitingId);
    await other.admin.audit.seal();
    await other.lms.close();
    await write(strangeId);
    await store.admin.audit.seal();
    const days = await storage.auditChain.dailyHeads('', 10);
    expect(days.map(({ day, position }) => [day, position])).toEqual([
      ['2026-01-15', rows.length + 2],
      ['2026-01-18', rows.length + 1],
    ]);
    expect((await store.lms.health()).trail).toMatchObject({ ok: true });
    expect((await store.admin.audit.verify()).counts).toMatchObject({ head: 0, cut: 0, inserted: 0 });
  });

  it('is verified without data keys: that of its lead is destroyed', async () => {
    await storage.unitOfWork.run('documents', (unit) =>
      storage.dataKeys.destroy(unit, 'lead', leadId, '2026-01-15T05:00:00.000Z'),
    );
    expect(await store.admin.audit.verify()).toMatchObject({ ok: true, rows: rows.length });
  });

  it('is verified in part, stopped, and refused where there is nothing', async () => {
    const stopped = await store.admin.audit.verify({}, { signal: AbortSignal.abort() });
    expect(stopped).toMatchObject({ ok: false, finished: false, rows: 0 });
    const seen: number[] = [];
    await store.admin.audit.verify({}, { onProgress: ({ rows: read, total }) => seen.push(read, total) });
    expect(seen).toEqual([rows.length, rows.length]);
    const refused = { code: 'INPUT_INVALID' };
    await expect(store.admin.audit.verify({ from: 1_000_000 })).rejects.toMatchObject(refused);
    await expect(store.admin.audit.verify({ head: { position: 1, chainHash: 'short' } })).rejects.toMatchObject(
      refused,
    );
  });

  it('is for those who may read it, and sealed by admins alone', async () => {
    const auditor = await store.user(`auditor-${shape}`, ['auditor']);
    const agent = await store.user(`agent-${shape}`, ['agent']);
    await store.lms.settle();
    const denied = { code: 'PERMISSION_DENIED' };
    await expect(auditor.audit.verify()).resolves.toMatchObject({ ok: true });
    await expect(auditor.audit.head()).resolves.toMatchObject({ position: rows.length });
    await expect(auditor.audit.seal()).rejects.toMatchObject(denied);
    await expect(agent.audit.verify()).rejects.toMatchObject(denied);
    await expect(agent.audit.head()).rejects.toMatchObject(denied);
  });
});
