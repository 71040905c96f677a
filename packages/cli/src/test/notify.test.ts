import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LmsFolder } from './lms-process.js';
import { applicant, exampleFile } from './stores.js';

let folder: LmsFolder;
const subjects: string[] = [];
/** Takes every email, and keeps its subject. */
const mailServer = createServer((socket) => {
  let message: string | null = null;
  socket.write('220 here\r\n');
  socket.on('error', () => undefined);
  socket.on('data', (piece) => {
    if (message !== null) {
      message += piece.toString();
      if (!message.endsWith('\r\n.\r\n')) return;
      subjects.push(/^Subject: (.*)\r$/m.exec(message)?.[1] ?? '');
    }
    message = message === null && piece.toString().startsWith('DATA') ? '' : null;
    socket.write(message === '' ? '354 go on\r\n' : '250 taken\r\n');
  });
});

const notices = `
templates:
  - name: received
    channel: email
    language: en
    subject: We have {{lead.number}}
    text: Dear {{person.name}}
rules:
  - { name: tell-applicant, event: lead.created, to: { kind: person }, channels: [email], template: received }
`;

const inApp = `
templates:
  - { name: yours, channel: in-app, language: en, title: 'Yours: {{lead.number}}', text: 'Call {{person.name|them}}.' }
rules:
  - { name: tell-owner, event: lead.assigned, to: { kind: owner }, channels: [in-app], template: yours }
quietHours:
  - { channel: sms, purpose: marketing, from: '21:00', to: '10:00', timeZone: Asia/Kolkata }
`;

beforeAll(async () => {
  await new Promise<void>((resolve) => mailServer.listen(0, '127.0.0.1', resolve));
  const address = mailServer.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  folder = await LmsFolder.make();
  await folder.lms(['init', '--yes']);
  const configuration = JSON.parse(await readFile(folder.file('lms.config.json'), 'utf8'));
  const email = { host: '127.0.0.1', port, allowInsecure: true, from: 'no-reply@acme.example' };
  await writeFile(folder.file('lms.config.json'), JSON.stringify({ ...configuration, notify: { email } }));
  await writeFile(folder.file('notices.yaml'), notices);
  await folder.lms(['schema', 'publish', exampleFile('product-lines/personal-loan.yaml')]);
}, 60_000);

afterAll(async () => {
  mailServer.close();
  await folder[Symbol.asyncDispose]();
});

it('notices are published, tested, sent, listed and sent again', { timeout: 120_000 }, async () => {
  expect((await folder.lms(['notify', 'rules'])).stderr).toContain('lms notify publish FILE');
  await writeFile(folder.file('wrong.yaml'), notices.replace('lead.number', 'lead.nmuber'));
  const wrong = await folder.lms(['notify', 'publish', 'wrong.yaml']);
  expect(wrong.exitCode).toBe(3);
  expect(wrong.stderr).toContain('there is no {{lead.nmuber}}');
  const published = await folder.lms(['notify', 'publish', 'notices.yaml', '--replaces', '0']);
  expect(published.stdout).toContain('Version 1 holds: 1 templates, 1 rules.');
  expect((await folder.lms(['notify', 'publish', 'wrong.yaml', '--replaces', '0'])).exitCode).toBe(3);
  expect((await folder.lms(['notify', 'templates'])).stdout).toContain('We have {{lead.number}}');
  expect((await folder.lms(['notify', 'rules'])).stdout).toMatch(/tell-applicant +lead\.created +person +email/);

  const tested = await folder.lms(['notify', 'test', 'me@acme.example', '--template', 'received']);
  expect(tested.stdout).toMatch(/^Taken: SMTP 250 after/);
  expect(subjects).toEqual(['We have LEAD-202601-00001']);
  const sms = ['notify', 'test', '+919000000001', '--template', 'received', '--channel', 'sms'];
  expect(await folder.lms(sms)).toMatchObject({ exitCode: 3 });

  const create = ['leads', 'create', '--product', 'personal-loan', '--json'];
  const made = await folder.lms([...create, ...applicant({ email: 'asha@example.in' })]);
  const { number } = JSON.parse(made.stdout);
  expect((await folder.lms(['tick'])).exitCode).toBe(0);
  expect(subjects, 'without consent').toHaveLength(1);
  const list = ['notify', 'list', '--lead', number];
  const listed = JSON.parse((await folder.lms([...list, '--status', 'suppressed', '--json'])).stdout);
  expect(listed.items).toMatchObject([{ rule: 'tell-applicant', reason: 'CONSENT_MISSING' }]);
  await writeFile(folder.file('wording.txt'), 'Acme may tell me by email how it goes.\n');
  await folder.lms(['consent', 'wordings', 'add', 'wording.txt', '--purpose', 'contact-by-email', '--language', 'en']);
  await folder.lms(['consent', 'give', number, '--purpose', 'contact-by-email', '--source', 'web']);
  const retried = await folder.lms(['notify', 'retry', listed.items[0].id]);
  expect(retried.stdout).toContain('It is sent again when it is due');
  await folder.lms(['tick']);
  expect(subjects.slice(1)).toEqual([`We have ${number}`]);
  expect((await folder.lms(list)).stdout).toMatch(/tell-applicant +person +email +sent/);
  expect(await folder.lms(['notify', 'retry', listed.items[0].id])).toMatchObject({ exitCode: 5 });
});

it('users read what they are told in the application, and choose what that is', { timeout: 120_000 }, async () => {
  await writeFile(folder.file('in-app.yaml'), inApp);
  expect((await folder.lms(['notify', 'publish', 'in-app.yaml'])).stdout).toContain('1 templates, 1 rules.');
  await folder.lms(['users', 'add', 'ravi', '--name', 'Ravi', '--role', 'agent']);
  const create = ['leads', 'create', '--product', 'personal-loan', '--json'];
  const made = await folder.lms([...create, ...applicant({ fullName: 'Kavya Nair', mobile: '98200 12346' })]);
  const { number } = JSON.parse(made.stdout);
  await folder.lms(['leads', 'assign', number, '--to', 'ravi']);
  await folder.lms(['tick']);
  const ravi = ['--actor', 'ravi'];
  const shown = await folder.lms(['notify', 'inbox', '--unread', ...ravi]);
  expect(shown.stdout).toContain(`Yours: ${number}`);
  expect(shown.stdout).toContain('Call Kavya Nair.');
  expect(shown.stderr).toContain('1 not read.');
  const [{ id }] = JSON.parse((await folder.lms(['notify', 'inbox', '--json', ...ravi])).stdout).items;
  expect((await folder.lms(['notify', 'show', id])).stdout).toContain('user:ravi by in-app: sent');
  expect((await folder.lms(['notify', 'read', ...ravi])).exitCode).toBe(3);
  expect((await folder.lms(['notify', 'read', id, ...ravi])).stdout).toContain('1 marked as read.');
  expect((await folder.lms(['notify', 'read', '--all', ...ravi])).stdout).toContain('0 marked as read.');
  const preferences = ['notify', 'preferences', ...ravi];
  expect((await folder.lms([...preferences, '--set', 'tell-ownr=off'])).exitCode).toBe(3);
  const set = await folder.lms([
    ...preferences,
    '--set',
    'tell-owner=off',
    '--quiet-hours',
    '20:00-08:00@Asia/Kolkata',
  ]);
  expect(set.stdout).toMatch(/tell-owner\/\* {2}off[\s\S]+Quiet hours {2}20:00 to 08:00 in Asia\/Kolkata/);
  expect((await folder.lms(['notify', 'preferences', 'ravi', '--json'])).stdout).toContain('"tell-owner/*": "off"');
});
