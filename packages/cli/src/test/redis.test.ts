import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LmsFolder } from './lms-process.js';
import { fileStore, serverUrl, withPersonalLoan } from './stores.js';

const prefix = `test-${randomBytes(5).toString('hex')}`;
const heading = 'Customer Name,Mobile No.,DOB,Loan Amt,Employment Type,Monthly Income';
const row = 'Asha Rao,98200 00001,15/08/1990,5 lakh,Salaried,"75,000"';
const detach = ['import', 'leads.csv', '--product', 'personal-loan', '--detach', '--json'];

let folder: LmsFolder;
beforeAll(async () => {
  folder = await withPersonalLoan(fileStore);
  await writeFile(folder.file('leads.csv'), `${heading}\n${row}`);
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('a Redis beside the store', { timeout: 120_000 }, () => {
  it('hears of the kind of a job that is added, and lms work takes it from there', async () => {
    const LMS_REDIS_URL = serverUrl('REDIS_URL');
    const environment = { LMS_REDIS_URL, LMS_REDIS_PREFIX: prefix };
    const added = await folder.lms(detach, { environment });
    expect(added.exitCode).toBe(0);
    const redis = new Redis(LMS_REDIS_URL);
    const keys = await redis.keys(`${prefix}:*`);
    expect(keys).toContainEqual(expect.stringMatching(/:wait$/));
    let worker: ChildProcess | undefined;
    const working = folder.lms(['work', '--json', '--redis', LMS_REDIS_URL], {
      environment: { LMS_REDIS_PREFIX: prefix },
      started: (child) => {
        worker = child;
      },
    });
    const { id } = JSON.parse(added.stdout);
    expect((await folder.lms(['imports', 'watch', id, '--json'])).exitCode).toBe(0);
    await expect.poll(() => redis.keys(`${prefix}:*:wait`), { timeout: 30_000 }).toEqual([]);
    worker?.kill('SIGTERM');
    expect(await working).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining('warning') });
    await redis.del(...(await redis.keys(`${prefix}:*`)));
    redis.disconnect();
    expect((await folder.lms(['doctor'], { environment })).stdout).toMatch(
      /ok {4}wake-up: redis .* answers in \d+ ms\nok {4}cache: redis /,
    );
  });

  it('may be away: commands do what they do, and doctor tells', async () => {
    const environment = { LMS_REDIS_URL: 'redis://127.0.0.1:9' };
    expect((await folder.lms(detach, { environment })).exitCode).toBe(0);
    expect(await folder.lms(['doctor'], { environment })).toMatchObject({
      exitCode: 7,
      stdout: expect.stringMatching(/FAIL {2}wake-up: redis 127\.0\.0\.1:9\/0 does not answer .*none is lost/),
    });
  });

  it('is refused with the reason where the URL is none, without showing it', async () => {
    const { exitCode, stderr } = await folder.lms(['work', '--redis', 'http://asha:secret@127.0.0.1']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('expected redis://user:password@host:6379/0');
    expect(stderr).not.toContain('secret@');
  });
});
