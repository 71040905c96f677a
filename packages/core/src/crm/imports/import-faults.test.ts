import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeShapes } from '../../../test-support/shapes.js';
import { newStore } from '../../../test-support/store.js';
import { type ErrorCode, type Home, LmsError, type Storage, type UnitOfWork } from '../../index.js';
import { sqlite } from '../../storage/sqlite.js';
import { BatchCutter } from './batches/batch-cutter.js';
import type { ImportRequest, SourceRow } from './index.js';

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-faults-'));
});
afterAll(() => rm(folder, { recursive: true }));

const header = 'Full name,Mobile,Email,City';

async function fileOf(rows: readonly string[], more: Partial<ImportRequest> = {}): Promise<ImportRequest> {
  files += 1;
  const file = join(folder, `leads-${files}.csv`);
  await writeFile(file, [header, ...rows].join('\n'));
  return { file, productLine: 'personal-loan', ...more };
}

function people(count: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    const serial = String(at).padStart(4, '0');
    return `Asha ${serial},987650${serial},asha${serial}@example.com,Pune`;
  });
}

interface Fault {
  readonly home: Home;
  /** Which unit of the home, counted from 1 after the fault was set. */
  readonly unit: number;
  /** Whether the unit takes effect before its answer is lost. */
  readonly when: 'before' | 'after';
  /** What the answer is instead; a server that is away for a moment when absent. */
  readonly code?: ErrorCode;
}

/** A store whose answers get lost as planned. */
function faulty(storage: Storage): { readonly storage: Storage; set(fault: Fault): void; readonly met: () => boolean } {
  let fault: Fault | null = null;
  let units = 0;
  let met = false;
  const { unitOfWork } = storage;
  const lost = (planned: Fault): LmsError =>
    new LmsError(planned.code ?? 'STORE_UNAVAILABLE', { message: 'the server is away' });
  const failing: UnitOfWork = {
    oneDatabase: unitOfWork.oneDatabase,
    async run(home, work, options) {
      const planned = fault;
      if (planned === null || planned.home !== home) return unitOfWork.run(home, work, options);
      units += 1;
      if (units !== planned.unit) return unitOfWork.run(home, work, options);
      met = true;
      if (planned.when === 'before') throw lost(planned);
      await unitOfWork.run(home, work, options);
      throw lost(planned);
    },
  };
  return {
    storage: new Proxy(storage, {
      get: (target, name) => (name === 'unitOfWork' ? failing : Reflect.get(target, name, target)),
    }),
    set(next) {
      fault = next;
      units = 0;
    },
    met: () => met,
  };
}

describeShapes((makeStorage) => {
  it.each([
    { home: 'documents', unit: 1, when: 'before' },
    { home: 'documents', unit: 2, when: 'after' },
    { home: 'ledger', unit: 2, when: 'before' },
    { home: 'ledger', unit: 2, when: 'after' },
  ] as const)(
    'counts each row once when the answer to unit $unit of the $home is lost $when it took effect',
    async (fault) => {
      const place = faulty(await makeStorage());
      const { admin, lms } = await newStore(place.storage);
      place.set(fault);
      const result = await admin.imports.run(await fileOf(people(250)));
      expect(place.met()).toBe(true);
      expect(result.counts).toEqual({ rows: 250, created: 250, updated: 0, duplicates: 0, rejected: 0 });
      // What a lost answer left in the outbox is projected by whoever comes next.
      await lms.tick();
      expect(await admin.leads.count({ productLine: 'personal-loan' })).toMatchObject({ leads: 250 });
      expect((await admin.imports.list())[0]).toMatchObject({ status: 'completed', counts: { created: 250 } });
    },
  );

  it('brings updates to their end when the store is away for a moment', async () => {
    const place = faulty(await makeStorage());
    const { admin } = await newStore(place.storage);
    await admin.imports.run(await fileOf(people(30)));
    place.set({ home: 'documents', unit: 5, when: 'after' });
    const rows = people(30).map((row) => row.replace('Pune', 'Delhi'));
    const result = await admin.imports.run(await fileOf(rows, { duplicates: 'update' }));
    expect(place.met()).toBe(true);
    expect(result.counts).toMatchObject({ rows: 30, created: 0, updated: 30 });
  });

  it('never writes a row into the lead of somebody else, whose values an earlier row of the file changed', async () => {
    const { admin } = await newStore(await makeStorage());
    const asha = { fullName: 'Asha Rao', mobile: '9876500001', email: 'old@example.com' };
    const lead = await admin.leads.create({ productLine: 'personal-loan', fields: asha });
    const request = await fileOf(['Asha Rao,9876500001,new@example.com,', 'Ravi Iyer,9876500002,old@example.com,Goa'], {
      duplicates: 'update',
    });
    const result = await admin.imports.run(request);
    expect(result.counts).toEqual({ rows: 2, created: 0, updated: 1, duplicates: 0, rejected: 1 });
    expect(result.firstRejects[0]?.problems[0]?.message).toContain('import this row again');
    expect((await admin.leads.get(lead.id)).entered).toMatchObject({ fullName: 'Asha Rao', email: 'new@example.com' });
    expect((await admin.imports.run(request)).counts).toMatchObject({ created: 1, duplicates: 1 });
  });

  it('takes a cell of characters that nobody sees for empty, which changes nothing', async () => {
    const { admin } = await newStore(await makeStorage());
    const asha = { fullName: 'Asha Rao', mobile: '9876500001', email: 'asha@example.com', city: 'Pune' };
    const lead = await admin.leads.create({ productLine: 'personal-loan', fields: asha });
    const request = await fileOf(['Asha Rao,9876500001,\u200b,\u200b\u00a0'], { duplicates: 'update' });
    expect((await admin.imports.run(request)).counts).toMatchObject({ updated: 1 });
    expect((await admin.leads.get(lead.id)).entered).toMatchObject({ email: 'asha@example.com', city: 'Pune' });
  });

  it('stops while it waits for its store, and says that it was stopped', async () => {
    const place = faulty(await makeStorage());
    const { admin } = await newStore(place.storage);
    place.set({ home: 'documents', unit: 2, when: 'before' });
    const result = await admin.imports.run(await fileOf(people(250)), {
      signal: abortWhen(() => place.met()),
    });
    expect(result).toMatchObject({ status: 'stopped', counts: { rows: 100, created: 100 } });
  });

  it('takes no source with spaces around it for another, nor the default said for one left out', async () => {
    const { admin } = await newStore(await makeStorage());
    const request = await fileOf(people(2));
    await admin.imports.run(request);
    const said = await admin.imports.run({ ...request, source: ' import ', dateOrder: 'dmy' });
    expect(said.firstDuplicates[0]?.problems[0]?.rule).toBe('imported-before');
  });
});

// Only a file can be read although it may never have reached the disk.
describeShapes(
  (makeStorage) => {
    it.each([
      { home: 'documents', unit: 2 },
      { home: 'ledger', unit: 2 },
      { home: 'ledger', unit: 3 },
    ] as const)(
      'does not call itself complete when unit $unit of the $home can be read and may be lost with the power',
      async (unit) => {
        const place = faulty(await makeStorage());
        const { admin } = await newStore(place.storage);
        place.set({ ...unit, when: 'after', code: 'STORE_UNSYNCED' });
        await expect(admin.imports.run(await fileOf(people(250)))).rejects.toMatchObject({
          code: 'STORE_UNSYNCED',
          retryable: false,
        });
        expect(place.met()).toBe(true);
      },
    );
  },
  ['sqlite'],
);

function abortWhen(isTime: () => boolean): AbortSignal {
  const controller = new AbortController();
  const look = setInterval(() => {
    if (!isTime()) return;
    clearInterval(look);
    controller.abort();
  }, 5);
  return controller.signal;
}

describe('cutting batches', () => {
  const row = (rowNumber: number, length: number): SourceRow => ({
    rowNumber,
    cells: [{ kind: 'text', text: 'x'.repeat(length), value: 'x'.repeat(length) }],
  });

  async function* pieces(rows: readonly SourceRow[], size: number): AsyncGenerator<readonly SourceRow[]> {
    for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size);
  }

  it('ends a batch where it is long, at the same rows however the file comes', async () => {
    const rows = Array.from({ length: 500 }, (_, at) => row(at + 1, at % 7 === 0 ? 300_000 : 40));
    const cuts = async (size: number): Promise<readonly (readonly number[])[]> => {
      const cutter = new BatchCutter(pieces(rows, size), 1, 100);
      const batches: number[][] = [];
      for (;;) {
        const batch = await cutter.next();
        if (batch.length === 0) return batches;
        batches.push(batch.map(({ rowNumber }) => rowNumber));
      }
    };
    const [one, seven, all] = await Promise.all([cuts(1), cuts(7), cuts(500)]);
    expect(seven).toEqual(one);
    expect(all).toEqual(one);
    expect(one.flat()).toEqual(rows.slice(1).map(({ rowNumber }) => rowNumber));
    expect(Math.max(...one.map((batch) => batch.length))).toBeLessThanOrEqual(100);
    expect(one.map((batch) => batch.length)).not.toEqual([100, 100, 100, 100, 99]);
  });
});

describe('when it cannot be read for a moment who may see a duplicate', () => {
  /** A store in memory, one of whose methods fails once. */
  async function failingOnce(part: 'facts' | 'leads', method: string) {
    const storage = sqlite({ file: ':memory:' });
    let failures = 0;
    const failing = new Proxy(storage[part], {
      get(target, name) {
        const real = Reflect.get(target, name, target);
        if (name !== method) return real;
        return (...given: readonly unknown[]) => {
          if (failures > 0) return Reflect.apply(real, target, given);
          failures += 1;
          return Promise.reject(new LmsError('STORE_UNAVAILABLE', { message: 'the server is away' }));
        };
      },
    });
    const store = await newStore(
      new Proxy(storage, { get: (target, name) => (name === part ? failing : Reflect.get(target, name, target)) }),
    );
    return { ...store, manager: await store.user('ravi', ['manager']), failures: () => failures };
  }

  it('a dry run counts each row once', async () => {
    const { admin, manager, failures } = await failingOnce('facts', 'placed');
    await admin.imports.run(await fileOf(people(1)));
    const result = await manager.imports.run(await fileOf(people(5), { dryRun: true }));
    expect(failures()).toBe(1);
    expect(result.counts).toEqual({ rows: 5, created: 4, updated: 0, duplicates: 1, rejected: 0 });
  });

  it('an import goes on', async () => {
    const { admin, manager, failures } = await failingOnce('leads', 'idsByNumber');
    const request = await fileOf(people(3));
    await admin.imports.run(request);
    const result = await manager.imports.run(request);
    expect(failures()).toBe(1);
    expect(result).toMatchObject({ status: 'completed', counts: { rows: 3, duplicates: 3 } });
  });
});
