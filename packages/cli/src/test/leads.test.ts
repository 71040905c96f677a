import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LmsFolder } from './lms-process.js';
import { applicant, storeShapes, withPersonalLoan } from './stores.js';

describe.each(storeShapes)('leads on $name', { timeout: 120_000 }, (shape) => {
  let folder: LmsFolder;
  beforeAll(async () => {
    folder = await withPersonalLoan(shape);
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  const json = async (words: readonly string[]) => {
    const { exitCode, stdout, stderr } = await folder.lms([...words, '--json']);
    expect({ exitCode, stderr }, words.join(' ')).toEqual({ exitCode: 0, stderr: '' });
    return JSON.parse(stdout);
  };
  let next = 0;
  const create = async (values: Record<string, string> = {}): Promise<string> => {
    next += 1;
    const mobile = `98200${String(next).padStart(5, '0')}`;
    const lead = await json(['leads', 'create', '--product', 'personal-loan', ...applicant({ mobile, ...values })]);
    return lead.number;
  };

  it('goes from a lead made to a lead won, each step saying what to type next', async () => {
    const made = await folder.lms(['leads', 'create', '--product', 'personal-loan', ...applicant()]);
    expect(made).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^LEAD-\d{6}-\d{5}\n$/) });
    const number = made.stdout.trim();
    expect(made.stderr).toContain(`lms leads show ${number}`);

    const refused = await folder.lms(['leads', 'move', number, '--to', 'contacted']);
    expect(refused).toMatchObject({ exitCode: 5, stdout: '' });
    expect(refused.stderr).toMatch(/MOVE_REFUSED[\s\S]*First call/);

    const check = await folder.lms(['leads', 'move', number, '--to', 'contacted', '--dry-run']);
    expect(check.exitCode).toBe(5);

    const done = await folder.lms(['tasks', 'complete', number, 'first-call', '--set', 'outcome=Call back']);
    expect(done).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(`lms leads move ${number}`) });

    const moved = await json(['leads', 'move', number, '--to', 'contacted', '--comment', 'spoke at noon']);
    expect(moved).toMatchObject({ stage: 'contacted', status: 'in_progress' });

    const shown = await folder.lms(['leads', 'show', number]);
    expect(shown.exitCode).toBe(0);
    for (const part of [
      number,
      'Asha Rao',
      '₹5,00,000',
      'Full name',
      '+919820012345',
      'STAGE_CHANGE',
      'spoke at noon',
    ]) {
      expect(shown.stdout).toContain(part);
    }
    expect(shown.stdout).toMatch(/\[x\] First call/);
    expect(shown.stdout).toMatch(/\[ \] Record consent/);
  });

  it('updates fields, and refuses a stale version with the current one', async () => {
    const number = await create();
    const updated = await json(['leads', 'update', number, '--set', 'city=Pune', '--expected-version', '1']);
    expect(updated).toMatchObject({ version: 2, values: { city: 'Pune' } });
    const stale = await folder.lms([
      'leads',
      'update',
      number,
      '--set',
      'city=Nashik',
      '--expected-version',
      '1',
      '--json',
    ]);
    expect(stale).toMatchObject({ exitCode: 5, stdout: '' });
    expect(JSON.parse(stale.stderr)).toMatchObject({
      error: { code: 'LEAD_VERSION_STALE', details: { currentVersion: 2 } },
    });
    expect((await json(['leads', 'show', number])).values.city).toBe('Pune');
  });

  it('lets one of two writers with the same version win', async () => {
    const number = await create();
    const outcomes = await Promise.all(
      ['Pune', 'Nashik'].map((city) =>
        folder.lms(['leads', 'update', number, '--set', `city=${city}`, '--expected-version', '1']),
      ),
    );
    expect(outcomes.map(({ exitCode }) => exitCode).sort()).toEqual([0, 5]);
  });

  it('makes one lead of a repeated idempotency key, and refuses another request under it', async () => {
    const words = ['leads', 'create', '--product', 'personal-loan', '--idempotency-key', 'form-77'];
    const first = await json([...words, ...applicant({ mobile: '9811100001' })]);
    const repeat = await json([...words, ...applicant({ mobile: '9811100001' })]);
    expect(repeat.number).toBe(first.number);
    const other = await folder.lms([...words, ...applicant({ mobile: '9811100002' })]);
    expect(other).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('IDEMPOTENCY_KEY_REUSED') });
  });

  it('names the lead that holds a unique value', async () => {
    const number = await create({ mobile: '9811100003' });
    const again = await folder.lms([
      'leads',
      'create',
      '--product',
      'personal-loan',
      ...applicant({ mobile: '+91 98111-00003' }),
    ]);
    expect(again).toMatchObject({ exitCode: 5, stderr: expect.stringContaining(`lms leads show ${number}`) });
  });

  it('finds leads by filters and pages through them with the command it prints', async () => {
    const city = 'Kolhapur';
    await Promise.all(['1 lakh', '2 lakh', '3 lakh'].map((loanAmount) => create({ city, loanAmount })));
    const list = ['leads', 'list', '--product', 'personal-loan', '--where', `city=${city}`, '--sort', 'loanAmount'];
    const page = await folder.lms([...list, '--limit', '2']);
    expect(page.exitCode).toBe(0);
    expect(page.stdout).toMatch(/₹1,00,000[\s\S]*₹2,00,000/);
    const more = /lms (leads list .*--cursor (\S+))/.exec(page.stderr);
    expect(more?.[1]).toContain(`--where city=${city}`);
    const second = await json([...list, '--limit', '2', '--cursor', more?.[2] ?? '']);
    expect(second).toMatchObject({ items: [{ amountPaise: 30_000_000 }], nextCursor: null });
    expect((await json([...list, '--where', 'loanAmount>=2,00,000'])).items).toHaveLength(2);

    const found = await json(['leads', 'list', '--product', 'personal-loan', '--phone', '098200 12345']);
    expect(found.items.map((lead: { name: string }) => lead.name)).toEqual(['Asha Rao']);
    const none = await folder.lms(['leads', 'list', '--product', 'personal-loan', '--stage', 'disbursed']);
    expect(none).toEqual({ exitCode: 0, stdout: '', stderr: 'No lead matches.\n' });
  });

  it('assigns leads and writes down what happened', async () => {
    await json(['users', 'add', 'ravi', '--name', 'Ravi Kumar', '--role', 'agent', '--team', 'west']);
    const number = await create();
    expect(await folder.lms(['leads', 'assign', number, '--to', 'ravi'])).toMatchObject({ exitCode: 0 });
    expect(
      await folder.lms(['leads', 'note', number, '-', '--type', 'call'], { stdin: 'asked for\na lower rate' }),
    ).toMatchObject({
      exitCode: 0,
    });
    const mine = await json(['leads', 'list', '--actor', 'ravi']);
    expect(mine.items.map((lead: { number: string }) => lead.number)).toEqual([number]);
    const shown = await folder.lms(['leads', 'show', number, '--actor', 'ravi']);
    expect(shown.stdout).toMatch(/CALL[\s\S]*asked for\n +a lower rate/);
    expect(shown.stdout).toMatch(/Owner +ravi/);
  });

  it('deletes only when told so, and restores', async () => {
    const number = await create();
    const unasked = await folder.lms(['leads', 'delete', number, '--no-input']);
    expect(unasked).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--yes') });
    expect((await json(['leads', 'show', number])).deletedAt).toBeNull();
    expect(await folder.lms(['leads', 'delete', number, '--yes'])).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining(`lms leads restore ${number}`),
    });
    expect(await folder.lms(['leads', 'update', number, '--set', 'city=Pune'])).toMatchObject({ exitCode: 5 });
    expect(await folder.lms(['leads', 'restore', number])).toMatchObject({ exitCode: 0 });
    expect((await json(['leads', 'show', number])).deletedAt).toBeNull();
  });

  it('erases only when told so and why, and shows what is left', async () => {
    const number = await create();
    const asked = ['leads', 'erase', number, '--reason', 'person-asked'];
    expect(await folder.lms(['leads', 'erase', number, '--yes'])).toMatchObject({ exitCode: 2 });
    expect(await folder.lms([...asked, '--no-input'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--yes'),
    });
    const wrong = await folder.lms(['leads', 'erase', number, '--reason', 'because', '--yes']);
    expect(wrong).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('retention-ended') });
    expect((await json(['leads', 'show', number])).erasedAt).toBeNull();
    expect(await folder.lms([...asked, '--yes'])).toMatchObject({
      exitCode: 0,
      stdout: `${number}\n`,
      stderr: expect.stringContaining('list of destroyed keys'),
    });
    expect((await folder.lms(['leads', 'show', number])).stdout).toContain(`${number}  ERASED`);
    expect(await folder.lms(['leads', 'update', number, '--set', 'city=Pune'])).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('KEY_DESTROYED'),
    });
  });

  it('keeps an agent to the own leads and away from the configuration', async () => {
    await json(['users', 'add', 'meera', '--name', 'Meera Nair', '--role', 'agent']);
    const number = await create();
    expect(await folder.lms(['leads', 'show', number, '--actor', 'meera'])).toMatchObject({ exitCode: 3 });
    const stages = ['stages', 'add', 'extra', '--product', 'personal-loan', '--name', 'Extra', '--actor', 'meera'];
    expect(await folder.lms(stages)).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining('PERMISSION_DENIED'),
    });
    expect(await folder.lms(['leads', 'list', '--actor', 'nobody'])).toMatchObject({ exitCode: 6 });
  });
});
