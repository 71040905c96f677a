import { PassThrough } from 'node:stream';
import { createTestLms, testLead, testLine } from '@lms/core/testing';
import { expect, it } from 'vitest';
import { type BulkChange, type BulkSession, bulkAssign, bulkMove, changeInBulk } from '../actions/leads-in-bulk.js';
import { exitCodes } from '../exit-codes.js';
import { outputTo } from '../output/index.js';

const leads = 130;

async function storeWithLeads() {
  const store = await createTestLms({ seed: 'bulk' });
  await store.admin.schemas.publish(testLine());
  const outcomes = await store.admin.leads.createMany(Array.from({ length: leads }, () => ({ lead: testLead() })));
  expect(outcomes.every(({ kind }) => kind === 'created')).toBe(true);
  await store.settle();
  const to = 'contacted';
  const stop = new AbortController();
  const stdout = new PassThrough();
  const output = outputTo({ stdout, stderr: new PassThrough(), environment: {} }, { json: true, quiet: false });
  const session: BulkSession = {
    me: store.admin,
    output,
    signal: stop.signal,
    confirm: async () => undefined,
    timeZone: 'Asia/Kolkata',
    currency: 'INR',
  };
  const run = async (change: BulkChange, dryRun = false) => {
    const exitCode = await changeInBulk(
      session,
      { product: testLine().slug, yes: true, ...(dryRun ? { dryRun } : {}) },
      change,
    );
    return { exitCode, result: JSON.parse(String(stdout.read())) };
  };
  return { store, to, stop, session, run };
}

it('stops between two batches, and goes on from there when it is repeated', async () => {
  const { store, to, stop, session, run } = await storeWithLeads();
  const whole = bulkMove(session, { to });
  let batches = 0;
  const stopping: BulkChange = {
    ...whole,
    change(batch) {
      batches += 1;
      if (batches === 2) stop.abort();
      return whole.change(batch);
    },
  };
  expect(await run(stopping)).toMatchObject({
    exitCode: exitCodes.stopped,
    result: { matched: leads, changed: 100, already: 0, stopped: true },
  });
  const again = { ...session, signal: new AbortController().signal };
  const outcome = await changeInBulk(again, { product: testLine().slug, yes: true }, whole);
  expect(outcome).toBe(exitCodes.ok);
  expect(await store.admin.leads.count({ productLine: testLine().slug, stage: to })).toEqual({ leads, isWhole: true });
  await store[Symbol.asyncDispose]();
});

it('says before writing what it will do', async () => {
  const { store, to, session, run } = await storeWithLeads();
  const dry = await run(bulkMove(session, { to }), true);
  expect(dry).toMatchObject({ exitCode: exitCodes.ok, result: { dryRun: true, changed: leads, refused: 0 } });
  expect(await store.admin.leads.count({ stage: to })).toMatchObject({ leads: 0 });
  const real = await run(bulkMove(session, { to }));
  expect(real.result).toEqual({ ...dry.result, dryRun: false });
  await store[Symbol.asyncDispose]();
});

it('refuses what cannot be said of a change, dry or not', async () => {
  const { store, to, session, run } = await storeWithLeads();
  const tooLong = 'a'.repeat(20_001);
  await store.admin.users.create({ id: 'asha', name: 'Asha', roles: ['agent'], teams: ['mumbai'] });
  for (const dryRun of [true, false]) {
    await expect(run(bulkMove(session, { to, comment: tooLong }), dryRun)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    for (const owner of ['asha', 'none']) {
      const assign = bulkAssign(session, { to: owner, reason: tooLong });
      await expect(run(assign, dryRun)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    }
  }
  await store[Symbol.asyncDispose]();
});

it('ends when the store does, and tells what was done until then', async () => {
  const { store, to, session, run } = await storeWithLeads();
  const whole = bulkMove(session, { to });
  let batches = 0;
  const failing: BulkChange = {
    ...whole,
    async change(batch) {
      batches += 1;
      if (batches === 2) await store.lms.close();
      return whole.change(batch);
    },
  };
  await expect(run(failing)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  expect(batches).toBe(2);
});
