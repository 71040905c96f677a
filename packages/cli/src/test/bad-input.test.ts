import { chmod, copyFile, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LmsFolder } from './lms-process.js';
import { applicant, exampleFile, storeShapes, withPersonalLoan } from './stores.js';

describe.each(storeShapes)(
  'bad input on $name is refused with the place, what was expected, and nothing written',
  (shape) => {
    let folder: LmsFolder;
    let number: string;
    let before: string;
    beforeAll(async () => {
      folder = await withPersonalLoan(shape);
      const made = await folder.lms(['leads', 'create', '--product', 'personal-loan', ...applicant()]);
      number = made.stdout.trim();
      before = await state();
    });
    afterAll(() => folder[Symbol.asyncDispose]());

    /** What anybody can see of the store. */
    const state = async (): Promise<string> => {
      const [leads, shown] = await Promise.all([
        folder.lms(['leads', 'list', '--json']),
        folder.lms(['leads', 'show', number, '--json']),
      ]);
      return leads.stdout + shown.stdout;
    };
    const fieldsFile = async (fields: string): Promise<string> => {
      await writeFile(folder.file('fields.json'), fields);
      return 'fields.json';
    };
    const good = JSON.stringify({
      fullName: 'Ravi Kumar',
      mobile: '9820055555',
      dateOfBirth: '1990-08-15',
      employmentType: 'salaried',
      monthlyIncome: 75000,
    });
    const created = (words: readonly string[]): readonly string[] => [
      'leads',
      'create',
      '--product',
      'personal-loan',
      ...words,
    ];

    const refusals: readonly {
      readonly what: string;
      readonly words: (() => Promise<readonly string[]>) | (() => readonly string[]);
      readonly exitCode: number;
      readonly says: readonly RegExp[];
    }[] = [
      {
        what: 'an unknown product line',
        words: () => ['leads', 'create', '--product', 'personal-lone', '--set', 'fullName=A'],
        exitCode: 3,
        says: [/LINE_NOT_FOUND/, /personal-lone/, /personal-loan/, /next: lms schema list/],
      },
      {
        what: 'an unknown field',
        words: () => created(applicant({ mobile: '9820055555', moblie: '9820055556' })),
        exitCode: 3,
        says: [/moblie/, /mobile/, /next: /],
      },
      {
        what: 'an unknown stage to move to',
        words: () => ['leads', 'move', number, '--to', 'contactd'],
        exitCode: 5,
        says: [/contactd/, /next: /],
      },
      {
        what: 'an unknown stage to change',
        words: () => ['stages', 'update', 'contactd', '--product', 'personal-loan', '--name', 'X'],
        exitCode: 3,
        says: [/STAGE_NOT_FOUND/, /contactd/, /next: lms stages list/],
      },
      {
        what: 'every wrong type at once',
        words: () =>
          created(applicant({ mobile: '12345', dateOfBirth: '31/02/1990', loanAmount: 'plenty', monthlyIncome: '-5' })),
        exitCode: 3,
        says: [/LEAD_INVALID/, /mobile: /, /dateOfBirth: /, /loanAmount: /, /monthlyIncome: /],
      },
      {
        what: 'missing required fields',
        words: () => created(['--set', 'fullName=Asha Rao']),
        exitCode: 3,
        says: [/mobile: /, /employmentType: /],
      },
      {
        what: '__proto__ as a field on the command line',
        words: () => created([...applicant({ mobile: '9820055555' }), '--set', '__proto__=x']),
        exitCode: 3,
        says: [/__proto__/],
      },
      {
        what: '__proto__ as a field in JSON',
        words: async () => created(['--fields', await fieldsFile(good.replace('{', '{"__proto__":{"admin":true},'))]),
        exitCode: 3,
        says: [/__proto__/],
      },
      {
        what: 'a $gt object as a value',
        words: async () => created(['--fields', await fieldsFile(good.replace('"9820055555"', '{"$gt":""}'))]),
        exitCode: 3,
        says: [/mobile: /],
      },
      {
        what: 'a $where field',
        words: async () => created(['--fields', await fieldsFile(good.replace('{', '{"$where":"1",'))]),
        exitCode: 3,
        says: [/\$where/],
      },
      {
        what: '$gt as a filter',
        words: () => ['leads', 'list', '--product', 'personal-loan', '--where', '$gt=x'],
        exitCode: 3,
        says: [/\$gt/],
      },
      {
        what: 'an update of a lead that is not there',
        words: () => ['leads', 'update', 'LEAD-209901-00001', '--set', 'city=Pune'],
        exitCode: 3,
        says: [/LEAD_NOT_FOUND/, /LEAD-209901-00001/, /next: lms leads list/],
      },
      {
        what: 'a stale version',
        words: () => ['leads', 'update', number, '--set', 'city=Pune', '--expected-version', '99'],
        exitCode: 5,
        says: [/LEAD_VERSION_STALE/, /next: /],
      },
      {
        what: 'a cursor that no list gave',
        words: () => ['leads', 'list', '--cursor', 'abc'],
        exitCode: 3,
        says: [/CURSOR_INVALID/, /next: begin again without --cursor/],
      },
      {
        what: 'a task that the lead does not have',
        words: () => ['tasks', 'complete', number, 'second-call'],
        exitCode: 3,
        says: [/TASK_NOT_FOUND/, /first-call/],
      },
      {
        what: 'a file that is not there',
        words: () => ['import', 'none.xlsx', '--product', 'personal-loan'],
        exitCode: 3,
        says: [/IMPORT_FILE_UNREADABLE/, /none\.xlsx/],
      },
      {
        what: 'sorting by a sealed field',
        words: () => ['leads', 'list', '--product', 'personal-loan', '--sort', 'pan'],
        exitCode: 3,
        says: [/SEARCH_UNSUPPORTED/],
      },
      {
        what: 'a user that is not there as the new owner',
        words: () => ['leads', 'assign', number, '--to', 'nobody-here'],
        exitCode: 3,
        says: [/USER_NOT_FOUND/, /next: lms users list/],
      },
      {
        what: 'a definition with mistakes, each with its line',
        words: async () => {
          const text = await readFile(exampleFile('product-lines/personal-loan.yaml'), 'utf8');
          await writeFile(
            folder.file('bad.yaml'),
            text.replace('type: date\n', 'type: dat\n').replace('name: fullName', 'name: fullNam'),
          );
          return ['schema', 'publish', 'bad.yaml'];
        },
        exitCode: 3,
        says: [/DEFINITION_INVALID/, /bad\.yaml/, /line \d+, column \d+/, /next: .*lms schema lint/],
      },
    ];

    it.each(refusals)('$what', async ({ words, exitCode, says }) => {
      const outcome = await folder.lms(await words());
      expect(outcome).toMatchObject({ exitCode, stdout: '' });
      for (const part of says) expect(outcome.stderr).toMatch(part);
      expect(outcome.stderr).not.toMatch(/\n {4}at /);
    });

    it('none of them wrote anything', async () => {
      expect(await state()).toBe(before);
    });
  },
);

describe('a store that cannot be used', { timeout: 120_000 }, () => {
  let folder: LmsFolder;
  let kept: string;
  beforeAll(async () => {
    folder = await LmsFolder.make();
    await folder.lms(['init']);
    kept = folder.file('kept.db');
    const database = new DatabaseSync(folder.file('lms.db'));
    database.exec(`VACUUM INTO '${kept}'`);
    database.close();
  });
  afterAll(() => folder[Symbol.asyncDispose]());
  afterEach(async () => {
    for (const suffix of ['', '-wal', '-shm']) await rm(folder.file(`lms.db${suffix}`), { force: true });
    await copyFile(kept, folder.file('lms.db'));
  });

  const users = ['users', 'list'];

  it('locked by another process: unavailable, after a while', async () => {
    const holder = new DatabaseSync(folder.file('lms.db'));
    holder.exec('BEGIN IMMEDIATE');
    try {
      const { exitCode, stderr } = await folder.lms(['users', 'add', 'ravi', '--name', 'Ravi', '--role', 'agent']);
      expect({ exitCode, stderr }).toMatchObject({
        exitCode: 7,
        stderr: expect.stringMatching(/STORE_LOCKED[\s\S]*next: wait/),
      });
    } finally {
      holder.exec('ROLLBACK');
      holder.close();
    }
    expect(JSON.parse((await folder.lms([...users, '--json'])).stdout).items).toHaveLength(1);
  });

  it('corrupt: names the file and what to do', async () => {
    const file = await open(folder.file('lms.db'), 'r+');
    await file.write(Buffer.alloc(4096, 0x5a), 0, 4096, 0);
    await file.close();
    const { exitCode, stdout, stderr } = await folder.lms(users);
    expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: '' });
    expect(stderr).toMatch(/STORE_CORRUPT[\s\S]*next: .*lms doctor/);
    expect(stderr).toContain('lms.db');
    const doctor = await folder.lms(['doctor']);
    expect(doctor).toMatchObject({ exitCode: 7, stdout: expect.stringMatching(/FAIL {2}.*lms\.db/) });
  });

  it('of a newer release: says to upgrade', async () => {
    const database = new DatabaseSync(folder.file('lms.db'));
    const { changes } = database.prepare('UPDATE store_schema SET version = version + 100').run();
    database.close();
    expect(changes).toBe(2);
    const { exitCode, stderr } = await folder.lms(users);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/STORE_TOO_NEW[\s\S]*next: upgrade/),
    });
  });

  it('without its key: says where the key was expected', async () => {
    await rename(folder.file('lms.key'), folder.file('elsewhere.key'));
    try {
      const { exitCode, stdout, stderr } = await folder.lms(users);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(/KEY_MISSING[\s\S]*lms\.key|lms\.key[\s\S]*KEY_MISSING/);
      expect(stderr).toContain('next: ');
    } finally {
      await rename(folder.file('elsewhere.key'), folder.file('lms.key'));
    }
  });

  it('with a key that others can read: says how to close it', async () => {
    await chmod(folder.file('lms.key'), 0o644);
    try {
      const { exitCode, stderr } = await folder.lms(users);
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('chmod 600') });
    } finally {
      await chmod(folder.file('lms.key'), 0o600);
    }
  });

  it('with the key of another store: says so', async () => {
    await using other = await LmsFolder.make();
    await other.lms(['init']);
    await rename(folder.file('lms.key'), folder.file('own.key'));
    await copyFile(other.file('lms.key'), folder.file('lms.key'));
    await chmod(folder.file('lms.key'), 0o600);
    try {
      expect(await folder.lms(users)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('KEY_INVALID') });
    } finally {
      await rename(folder.file('own.key'), folder.file('lms.key'));
    }
  });

  it('in a folder that is not there: says so', async () => {
    const configuration = JSON.parse(await readFile(folder.file('lms.config.json'), 'utf8'));
    configuration.stores.dev.file = 'nowhere/lms.db';
    await writeFile(folder.file('other.json'), JSON.stringify(configuration));
    const { exitCode, stderr } = await folder.lms([...users, '--config', 'other.json']);
    expect(exitCode).not.toBe(0);
    expect(exitCode).not.toBe(1);
    expect(stderr).toContain('nowhere');
  });
});

describe('a server that is down', { timeout: 120_000 }, () => {
  const environment = {
    LMS_STORE: 'prod',
    MONGO_URL: 'mongodb://127.0.0.1:9/lms?replicaSet=rs0',
    MYSQL_URL: 'mysql://asha:hunter2@127.0.0.1:9/lms',
  };

  it('is unavailable within seconds, named without its password, and nothing is left behind', async () => {
    await using folder = await LmsFolder.make(environment);
    const began = performance.now();
    const { exitCode, stdout, stderr } = await folder.lms(['init']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: '' });
    expect(stderr).toMatch(/STORE_UNAVAILABLE[\s\S]*next: /);
    expect(stderr).toContain('127.0.0.1:9');
    expect(stderr).not.toContain('hunter2');
    expect(performance.now() - began).toBeLessThan(15_000);
    const doctor = await folder.lms(['doctor', '--json']);
    expect(doctor.exitCode).toBe(7);
    expect(doctor.stdout).not.toContain('hunter2');
    expect(JSON.parse(doctor.stdout)).toMatchObject({ ok: false });
  });
});

describe('servers that do not take us', { timeout: 120_000, concurrent: true }, () => {
  /** The test servers' address, with parts of it changed. */
  const changed = (
    name: 'MONGO_URL' | 'MYSQL_URL',
    parts: Partial<Record<'username' | 'password' | 'pathname' | 'search', string>>,
  ) => Object.assign(new URL(process.env[name] ?? ''), parts).href;

  it.each([
    {
      what: 'a wrong password',
      environment: { MYSQL_URL: changed('MYSQL_URL', { username: 'asha', password: 'hunter2' }) },
      exitCode: 2,
      says: /STORE_MISCONFIGURED[\s\S]*next: change the setting/,
      names: 'the server refused the user name or password',
    },
    {
      what: 'a database that is not there',
      environment: { MYSQL_URL: changed('MYSQL_URL', { pathname: '/lms_not_there' }) },
      exitCode: 2,
      says: /STORE_MISCONFIGURED[\s\S]*next: change the setting/,
      names: 'CREATE DATABASE',
    },
    {
      what: 'a replica set of another name',
      environment: { MONGO_URL: changed('MONGO_URL', { search: '?replicaSet=rs-elsewhere' }) },
      exitCode: 7,
      says: /STORE_UNAVAILABLE[\s\S]*next: see that the server runs and the URL is right/,
      names: 'replica set that replicaSet in the URL names',
    },
    {
      what: 'an option that no driver knows',
      environment: { MONGO_URL: changed('MONGO_URL', { search: '?replicaset=rs0&patience=much' }) },
      exitCode: 2,
      says: /STORE_MISCONFIGURED[\s\S]*next: change the setting/,
      names: 'option patience is not supported',
    },
  ])(
    '$what: exits with $exitCode, says what is wrong and what to do',
    async ({ environment, exitCode, says, names }) => {
      const servers = { MONGO_URL: process.env['MONGO_URL'] ?? '', MYSQL_URL: process.env['MYSQL_URL'] ?? '' };
      await using folder = await LmsFolder.make({ LMS_STORE: 'prod', ...servers, ...environment });
      const outcome = await folder.lms(['init']);
      expect(outcome).toMatchObject({ exitCode, stdout: '' });
      expect(outcome.stderr).toMatch(says);
      expect(outcome.stderr).toContain(names);
      expect(outcome.stderr).not.toContain('hunter2');
      expect(outcome.stderr).not.toMatch(/\n {4}at /);
    },
  );
});
