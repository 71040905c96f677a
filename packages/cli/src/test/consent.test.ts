import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LmsFolder } from './lms-process.js';
import { applicant } from './stores.js';

let folder: LmsFolder;
let lead: string;

describe('consents', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    folder = await LmsFolder.make();
    await folder.lms(['init', '--yes', '--template', 'personal-loan']);
    const made = await folder.lms(['leads', 'create', '--product', 'personal-loan', ...applicant(), '--json']);
    lead = JSON.parse(made.stdout).number;
    await writeFile(folder.file('bureau.txt'), 'I allow Acme to ask a credit bureau about me.\n');
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it('are refused before there is a text, then given, checked, withdrawn and listed', async () => {
    const give = ['consent', 'give', lead, '--purpose', 'credit-bureau', '--source', 'web', '--otp-reference', 'OTP-1'];
    const refused = await folder.lms(give);
    expect(refused).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('lms consent wordings add FILE') });
    const added = await folder.lms(['consent', 'wordings', 'add', 'bureau.txt', '--purpose', 'credit-bureau']);
    expect(added).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^credit-bureau en 1 {2}[0-9a-f]{64}\n$/),
    });
    const check = ['consent', 'check', lead, '--purpose', 'credit-bureau'];
    expect(await folder.lms(check)).toMatchObject({ exitCode: 6, stdout: expect.stringMatching(/^no {2}there is no/) });
    expect((await folder.lms(give)).stdout).toBe('credit-bureau recorded, wording en 1\n');
    expect(await folder.lms(check)).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^yes {2}given /) });
    const withdraw = ['consent', 'withdraw', lead, '--purpose', 'credit-bureau', '--source', 'call'];
    expect((await folder.lms(withdraw)).stdout).toBe('credit-bureau withdrawn, wording en 1\n');
    expect(JSON.parse((await folder.lms([...check, '--json'])).stdout)).toMatchObject({
      allowed: false,
      code: 'CONSENT_WITHDRAWN',
    });
    const { items, nextCursor } = JSON.parse((await folder.lms(['consent', 'list', lead, '--json'])).stdout);
    expect({ items, nextCursor }).toMatchObject({
      items: [{ purpose: 'credit-bureau', evidence: { otpReference: 'OTP-1' }, version: 2 }],
      nextCursor: null,
    });
    expect((await folder.lms(['consent', 'list', lead])).stdout).toMatch(/credit-bureau.*web.*en 1.*withdrawn/);
    const text = await folder.lms(['consent', 'wordings', 'show', 'credit-bureau', '1']);
    expect(text.stdout.trim()).toBe('I allow Acme to ask a credit bureau about me.');
  });

  it('give way to do-not-contact', async () => {
    const blocked = await folder.lms(['consent', 'block', lead, '--channel', 'all', '--source', 'call']);
    expect(blocked.stdout).toBe('Do not contact: all\n');
    expect((await folder.lms(['consent', 'blocks', lead])).stdout).toMatch(/all .*call/);
    const check = await folder.lms(['consent', 'check', lead, '--purpose', 'contact-by-sms', '--json']);
    expect(JSON.parse(check.stdout)).toMatchObject({ code: 'CONTACT_BLOCKED' });
    expect((await folder.lms(['consent', 'unblock', lead, '--channel', 'all'])).stdout).toBe('Lifted: all\n');
    expect((await folder.lms(['consent', 'purposes'])).stdout).toMatch(/share-with-partner.*yes/);
  });

  it('come with a lead, or with the leads of a file, whose rows that say it wrongly are refused', async () => {
    await writeFile(folder.file('marketing.txt'), 'You may tell me of offers.\n');
    await folder.lms(['consent', 'wordings', 'add', 'marketing.txt', '--purpose', 'marketing']);
    const create = ['leads', 'create', '--product', 'personal-loan', ...applicant({ mobile: '98200 77001' }), '--json'];
    expect(await folder.lms([...create, '--consent', 'marketing'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--consent-source web'),
    });
    const said = ['--consent', 'marketing:en:1', '--block', 'sms', '--consent-source', 'web', '--consent-given'];
    const made = JSON.parse((await folder.lms([...create, ...said, '2026-01-31'])).stdout);
    expect((await folder.lms(['consent', 'list', made.number])).stdout).toMatch(/marketing.*web.*en 1/);
    expect((await folder.lms(['consent', 'blocks', made.number])).stdout).toMatch(/sms .*web/);

    const heading = 'Customer Name,Mobile No.,D.O.B,Employment,Monthly Income,Loan Amt (Rs),Marketing OK,DND';
    const row = (name: string, mobile: string, ok: string, dnd: string): string =>
      `${name},${mobile},15/08/1990,Salaried,"75,000","5,00,000",${ok},${dnd}`;
    const rows = [
      row('Asha Rao', '9820077011', 'yes', ''),
      row('Ravi Rao', '9820077012', 'perhaps', ''),
      row('Om Rao', '9820077013', '', 'Y'),
      row('Asha Rao', '9820077011', 'yes', 'Y'),
    ];
    await writeFile(folder.file('booth.csv'), [heading, ...rows].join('\n'));
    const words = ['--consent', 'marketing@Marketing OK', '--block', 'call@DND'];
    const imported = await folder.lms(['import', 'booth.csv', '--product', 'personal-loan', ...words]);
    expect(imported.exitCode).toBe(4);
    for (const line of [
      'Consent     marketing (wording en 1): column G "Marketing OK"',
      'Block       call: column H "DND"',
      'Consent marketing (wording en 1): 1 recorded; 1 row that made no lead says so too, of which nothing is recorded',
      'Do not contact (call): 1 blocked; 1 row that made no lead says so too, of which nothing is recorded',
      'row 3, Marketing OK: expected yes, no, or the day on which the person said yes',
    ]) {
      expect(imported.stdout.replaceAll(/\s+/g, ' ')).toContain(line.replaceAll(/\s+/g, ' '));
    }
    // The command that takes the corrected rows says it again.
    expect(imported.stderr).toMatch(/booth\.rejects\.csv .*--consent 'marketing@Marketing OK' --block call@DND/);
    const unknown = await folder.lms(['import', 'booth.csv', '--product', 'personal-loan', '--consent', 'selling']);
    expect(unknown).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('there is no purpose') });
  });
});
