import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeShapes } from '../../../test-support/shapes.js';
import { loanLead, newStore, type TestStore } from '../../../test-support/store.js';
import { type AuditRow, type ExportRequest, hasCode } from '../../index.js';

const withCode = (code: Parameters<typeof hasCode>[1]) => expect.toSatisfy((error: unknown) => hasCode(error, code));
const productLine = 'personal-loan';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-exports-'));
});
afterAll(() => rm(folder, { recursive: true }));

let made = 0;
function newFile(extension = 'csv'): string {
  made += 1;
  return join(folder, `leads-${made}.${extension}`);
}

const csvTo = (file: string, more: Partial<ExportRequest> = {}): ExportRequest => ({
  filter: { productLine },
  format: 'csv',
  bom: false,
  to: { file },
  ...more,
});

async function linesOf(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8')).split('\r\n').slice(0, -1);
}

async function trailOf(store: TestStore): Promise<readonly AuditRow[]> {
  await store.lms.settle();
  const { rows } = await store.admin.audit.list({ aggregateKind: 'export' });
  return rows.toReversed();
}

async function createLeads(store: TestStore, count: number): Promise<void> {
  const outcomes = await store.admin.leads.createMany(Array.from({ length: count }, () => ({ lead: loanLead() })));
  expect(outcomes.every(({ kind }) => kind === 'created')).toBe(true);
}

describeShapes((makeStorage) => {
  it('writes the usual columns, a line a lead, oldest first', async () => {
    const store = await newStore(await makeStorage());
    const first = await store.admin.leads.create(
      loanLead({ fullName: 'Asha, "A" Rao', mobile: '98200 12345', loanAmount: '75,000.50', birthDate: '17/05/1990' }),
    );
    store.clock.advance('1s');
    const second = await store.admin.leads.create(
      loanLead({ fullName: '=1+1', mobile: '98200 12346', email: 'b@x.in' }),
    );
    const file = newFile();
    const result = await store.admin.leads.export(csvTo(file));
    expect(await linesOf(file)).toEqual([
      'LMS number,LMS stage,LMS status,LMS owner,LMS created,Full name,Mobile,Email,PAN,Loan amount,City,PIN code,Date of birth,Remarks',
      `${first.number},new,pending,,2026-01-15 10:00:00,"Asha, ""A"" Rao",+919820012345,,,75000.50,Pune,,1990-05-17,`,
      `${second.number},new,pending,,2026-01-15 10:00:01,'=1+1,+919820012346,b@x.in,,250000,Pune,,,`,
    ]);
    const bytes = await readFile(file);
    expect(result).toMatchObject({
      leads: 2,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      file,
      masked: false,
      personalColumns: ['fullName', 'mobile', 'email', 'pan', 'remarks'],
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('takes the columns asked for, headings by key, typed text, values of options and another delimiter', async () => {
    const store = await newStore(await makeStorage());
    await store.admin.leads.create(loanLead({ loanAmount: '2.5 lakh' }));
    const file = newFile();
    const columns = ['loanAmount', 'loanAmount:entered', 'stage', 'source'];
    await store.admin.leads.export(csvTo(file, { columns, headings: 'key', delimiter: ';' }));
    expect(await linesOf(file)).toEqual([
      'loanAmount;loanAmount:entered;lms.stage;lms.source',
      '250000;2.5 lakh;new;sdk',
    ]);
  });

  it('follows every filter of lists, and leaves deleted leads out', async () => {
    const store = await newStore(await makeStorage());
    const kept = await store.admin.leads.create({ ...loanLead({ city: 'Nagpur' }), source: 'web' });
    await store.admin.leads.create({ ...loanLead({ city: 'Nagpur' }), source: 'branch' });
    const gone = await store.admin.leads.create({ ...loanLead({ city: 'Nagpur' }), source: 'web' });
    await store.admin.leads.create({ ...loanLead(), source: 'web' });
    await store.admin.leads.delete(gone.id);
    await store.lms.settle();
    const file = newFile();
    const filter = { productLine, source: 'web', where: [{ field: 'city', value: 'Nagpur' }] };
    await store.admin.leads.export(csvTo(file, { filter, columns: ['number'] }));
    expect(await linesOf(file)).toEqual(['LMS number', kept.number]);
    expect(await store.admin.leads.count(filter)).toEqual({ leads: 1, isWhole: true });
  });

  it('goes through many pages, each lead once, while leads change and come in', async () => {
    const store = await newStore(await makeStorage());
    await createLeads(store, 450);
    const before = new Set<string>();
    for await (const lead of store.admin.leads.list({ productLine })) before.add(lead.number);
    const file = newFile();
    let touched = false;
    const busy = async (): Promise<void> => {
      const [oldest, newest] = [[...before].at(-1) ?? '', [...before][0] ?? ''];
      for (const lead of [oldest, newest]) await store.admin.leads.update(lead, { fields: { city: 'Thane' } });
      await createLeads(store, 3);
    };
    let meanwhile = Promise.resolve();
    const result = await store.admin.leads.export(csvTo(file, { columns: ['number', 'city'] }), {
      onProgress: ({ leads, total }) => {
        expect(total).toBe(450);
        if (!touched && leads >= 200) {
          touched = true;
          store.clock.advance('1m');
          meanwhile = busy();
        }
      },
    });
    await meanwhile;
    const numbers = (await linesOf(file)).slice(1).map((line) => line.split(',')[0] ?? '');
    expect(result.leads).toBe(450);
    expect(numbers).toHaveLength(450);
    expect(new Set(numbers)).toEqual(before);
  });

  it('shows managers the rows of their teams, and refuses those who may not export', async () => {
    const store = await newStore(await makeStorage());
    const manager = await store.user('meera', ['manager'], ['west']);
    const agent = await store.user('ravi', ['agent'], ['west']);
    const stranger = await store.user('omar', ['agent'], ['east']);
    const auditor = await store.user('uma', ['auditor']);
    const own = await agent.leads.create(loanLead());
    await stranger.leads.create(loanLead());
    await store.lms.settle();
    const file = newFile();
    await manager.leads.export(csvTo(file, { columns: ['number', 'owner'] }));
    expect(await linesOf(file)).toEqual(['LMS number,LMS owner', `${own.number},ravi`]);
    for (const one of [agent, auditor]) {
      await expect(one.leads.export(csvTo(newFile()))).rejects.toEqual(withCode('PERMISSION_DENIED'));
    }
  });

  it('masks what reading masks, and what is asked to be masked', async () => {
    const store = await newStore(await makeStorage());
    await store.admin.leads.create(loanLead({ fullName: 'Asha Rao', mobile: '98200 12345' }));
    await store.lms.settle();
    const both = await store.user('both', ['auditor', 'manager'], ['west']);
    const columns = ['name', 'fullName', 'mobile', 'mobile:entered', 'loanAmount'];
    for (const [who, more] of [
      [both, {}],
      [store.admin, { masked: true }],
    ] as const) {
      const file = newFile();
      const result = await who.leads.export(csvTo(file, { columns, ...more }));
      const [, line] = await linesOf(file);
      expect(line).toMatch(/^\*+,\*+,\*+2345,,250000$/);
      expect(result).toMatchObject({ masked: true, personalColumns: [] });
    }
  });

  it('tells the trail who exported what, with the hash of the file and nobody in the clear', async () => {
    const store = await newStore(await makeStorage());
    await store.admin.leads.create(loanLead({ mobile: '98200 12345' }));
    await store.lms.settle();
    const filter = { productLine, phone: '98200-12345', where: [{ field: 'pan', value: 'ABCPE1234F' }] };
    const result = await store.admin.leads.export(csvTo(newFile(), { filter, columns: ['number', 'mobile'] }));
    const trail = await trailOf(store);
    expect(trail.map(({ eventType }) => eventType)).toEqual(['leads.export_started', 'leads.exported']);
    expect(trail[1]).toMatchObject({
      actor: 'user:root',
      command: 'leads.export',
      aggregate: { kind: 'export', id: result.exportId },
      changes: {
        status: 'completed',
        leads: 0,
        sha256: result.sha256,
        bytes: result.bytes,
        columns: ['number', 'mobile'],
        personalColumns: ['mobile'],
        masked: false,
        format: 'csv',
        to: 'file',
        filter: { productLine, phone: '*********2345', where: [{ field: 'pan' }] },
      },
    });
    expect(JSON.stringify(trail)).not.toMatch(/98200|ABCPE1234F/);
  });

  it('leaves nothing but a line in the trail when it is stopped', async () => {
    const store = await newStore(await makeStorage());
    await createLeads(store, 401);
    const stop = new AbortController();
    const file = newFile();
    const names = await readdir(folder);
    const stopped = store.admin.leads.export(csvTo(file), {
      signal: stop.signal,
      onProgress: ({ leads }) => {
        if (leads >= 200) stop.abort();
      },
    });
    await expect(stopped).rejects.toEqual(withCode('COMMAND_ABORTED'));
    expect(await readdir(folder)).toEqual(names);
    const last = (await trailOf(store)).at(-1);
    expect(last).toMatchObject({
      eventType: 'leads.exported',
      changes: { status: 'stopped', leads: 200, sha256: null },
    });
  });
});

describe('an export', () => {
  const open = async (): Promise<TestStore> => {
    const { sqlite } = await import('../../storage/sqlite.js');
    return newStore(sqlite({ file: newFile('db') }));
  };

  it('goes to a stream, which stays open', async () => {
    const store = await open();
    await createLeads(store, 3);
    const stream = new PassThrough();
    const result = await store.admin.leads.export({ ...csvTo(''), columns: ['city'], to: { stream } });
    stream.end('after');
    const text = (await stream.toArray()).map(String).join('');
    expect(text).toBe('City\r\nPune\r\nPune\r\nPune\r\nafter');
    expect(result).toMatchObject({ file: null, leads: 3 });
    await store.lms.close();
  });

  it('waits for a slow stream, and ends with the stream that breaks', async () => {
    const store = await open();
    await createLeads(store, 450);
    let taken = 0;
    const stream = new Writable({
      highWaterMark: 1024,
      write(chunk: Uint8Array, _encoding, done) {
        taken += chunk.length;
        if (taken > 20_000) done(new Error('the reader went away'));
        else setTimeout(done, 1);
      },
    });
    stream.on('error', () => undefined);
    const broken = store.admin.leads.export({ ...csvTo(''), to: { stream } });
    await expect(broken).rejects.toEqual(withCode('EXPORT_NOT_WRITTEN'));
    expect((await trailOf(store)).at(-1)).toMatchObject({ changes: { status: 'failed' } });
    await store.lms.close();
  });

  it('replaces no file unless told to, and says why a place cannot be written to', async () => {
    const store = await open();
    const file = newFile();
    await writeFile(file, 'mine');
    await expect(store.admin.leads.export(csvTo(file))).rejects.toEqual(withCode('EXPORT_FILE_EXISTS'));
    expect(await readFile(file, 'utf8')).toBe('mine');
    await store.admin.leads.export(csvTo(file, { columns: ['city'], to: { file, replace: true } }));
    expect(await readFile(file, 'utf8')).toBe('City\r\n');
    const nowhere = join(folder, 'no', 'such', 'leads.csv');
    await expect(store.admin.leads.export(csvTo(nowhere))).rejects.toEqual(withCode('EXPORT_NOT_WRITTEN'));
    await expect(store.admin.leads.export(csvTo(folder, { to: { file: folder, replace: true } }))).rejects.toEqual(
      withCode('EXPORT_NOT_WRITTEN'),
    );
    await store.lms.close();
  });

  it('says which column there is not, and which it may mean', async () => {
    const store = await open();
    await expect(store.admin.leads.export(csvTo(newFile(), { columns: ['fulName', 'constructor'] }))).rejects.toThrow(
      /fulName.*fullName.*constructor/,
    );
    await expect(store.admin.leads.export(csvTo(newFile(), { filter: {}, columns: ['fullName'] }))).rejects.toThrow(
      /product line/,
    );
    await expect(store.admin.leads.export(csvTo(newFile(), { columns: ['city', 'city'] }))).rejects.toEqual(
      withCode('INPUT_INVALID'),
    );
    await store.lms.close();
  });

  it('without a product line has what every lead has', async () => {
    const store = await open();
    const lead = await store.admin.leads.create(loanLead({ fullName: 'Asha Rao', mobile: '98200 12345' }));
    const file = newFile();
    await store.admin.leads.export(csvTo(file, { filter: {} }));
    expect((await linesOf(file))[1]).toBe(
      `${lead.number},personal-loan,new,pending,,2026-01-15 10:00:00,Asha Rao,+919820012345,,250000`,
    );
    await store.lms.close();
  });
});
