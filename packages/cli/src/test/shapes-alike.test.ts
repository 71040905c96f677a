import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { examples } from '../help/examples.js';
import type { LmsFolder } from './lms-process.js';
import { allStoreShapes, applicant, exampleFile, type StoreShape } from './stores.js';

const line = ['--product', 'personal-loan'] as const;
/** The first lead of a store; its number begins with the month. */
const lead = '{lead}';

/** A command line by its words, with the command of `lms help` that it tries. */
type Step = readonly [command: string, ...words: string[]];

/** Every command, in an order in which each finds what it needs. */
const wholeScript: readonly Step[] = [
  ['schema lint', exampleFile('product-lines/personal-loan.yaml')],
  ['schema publish', exampleFile('product-lines/personal-loan.yaml'), exampleFile('product-lines/demat.yaml')],
  ['schema list'],
  ['schema field-types'],
  ['schema show', 'personal-loan'],
  ['schema show', 'personal-loan', '--definition'],
  ['schema diff', 'personal-loan', '--to', exampleFile('product-lines/personal-loan.yaml')],
  ['schema types', '--output', 'lines.ts'],
  ['schema edit', 'personal-loan'],
  ['stages list', ...line],
  ['stages add', 'parked', ...line, '--name', 'Parked', '--from', 'new', '--next', 'contacted'],
  ['stages update', 'parked', ...line, '--name', 'Parked for now'],
  ['stages retire', 'parked', ...line, '--yes'],
  ['stages restore', 'parked', ...line, '--from', 'new'],
  ['stages list', ...line, '--json'],
  ['users add', 'ravi', '--name', 'Ravi Kumar', '--role', 'agent', '--team', 'west', '--email', 'ravi@example.test'],
  ['users add', 'meera', '--name', 'Meera Nair', '--role', 'agent'],
  ['users update', 'meera', '--team', 'west', '--team', 'east'],
  ['users deactivate', 'meera'],
  ['users activate', 'meera'],
  ['users list', '--json'],
  ['users list', '--team', 'west'],
  ['leads create', ...line, ...applicant()],
  ['leads create', ...line, ...applicant()],
  ['leads create', ...line, ...applicant({ mobile: 'not a phone' })],
  ['leads create', ...line, ...applicant({ fullName: 'नीला जोशी 😀', mobile: '98200 00002' }), '--json'],
  ['leads update', lead, '--set', 'loanAmount=7 lakh'],
  ['leads note', lead, 'called, wants a call at six'],
  ['tasks list', ...line],
  ['tasks complete', lead, 'first-call', '--set', 'outcome=connected'],
  ['leads move', lead, '--to', 'contacted'],
  ['leads move', lead, '--to', 'won'],
  ['leads assign', lead, '--to', 'ravi'],
  ['leads show', lead],
  ['leads show', lead, '--json'],
  ['leads find', 'Asha'],
  ['leads find', '9820012345'],
  ['leads delete', lead, '--yes'],
  ['leads show', lead],
  ['leads restore', lead],
  ['import', 'rows.csv', ...line, '--dry-run'],
  ['import', 'rows.csv', ...line, '--rejects', 'rejects.csv'],
  ['import', 'rows.csv', ...line],
  ['imports list', ...line],
  ['mappings save', 'bank-x', 'mapping.yaml', ...line],
  ['mappings list', ...line],
  ['mappings show', 'bank-x', ...line],
  ['mappings export', 'bank-x', ...line],
  ['mappings remove', 'bank-x', ...line],
  ['leads list', ...line, '--limit', '20'],
  ['leads list', ...line, '--sort', 'amount', '--limit', '20', '--json'],
  ['leads list', ...line, '--stage', 'contacted'],
  ['leads export', 'leads.csv', ...line],
  ['board', ...line, '--cards', '3'],
  ['board', ...line, '--json'],
  ['report funnel', ...line],
  ['report funnel', ...line, '--json'],
  ['exchanges list', '--from', '2026-01-01'],
  ['exchanges budgets'],
  ['jobs list'],
  ['jobs schedules'],
  ['calendars publish', 'office.yaml'],
  ['calendars publish', 'office.yaml', '--replaces', '0'],
  ['calendars list'],
  ['calendars show', 'office'],
  ['calendars show', 'office', '--at', '1', '--definition'],
  ['calendars versions', 'office'],
  ['calendars check', 'office', '--from', '2026-01-23T18:00+05:30', '--after', '2h'],
  ['calendars check', 'office', '--from', '2026-01-23', '--to', '2026-01-28', '--json'],
  ['timers list'],
  ['events consumers'],
  ['events tail', '--type', 'user.*', '--from', 'beginning', '--no-follow'],
  ['timers cancel', 'none'],
  ['timers set', 'recall/alike', '--after-working', '2h', '--calendar', 'office'],
  ['timers set', 'recall/alike', '--after-working', '2h', '--from', '2100-01-29T10:00Z', '--data', '{"case":17}'],
  ['timers set', 'recall/alike', '--at', '2100-01-31'],
  ['timers list', '--json'],
  ['webhooks list'],
  ['notify publish', 'notices.yaml', '--replaces', '0'],
  ['notify templates'],
  ['notify rules'],
  ['notify list', '--lead', lead],
  ['notify inbox', '--unread'],
  ['notify read', '--all'],
  ['notify preferences', '--set', 'lead.created=off', '--quiet-hours', '21:00-08:00'],
  ['consent purposes'],
  ['consent wordings add', 'wording.txt', '--purpose', 'kyc', '--language', 'en'],
  ['consent wordings list', '--purpose', 'kyc'],
  ['consent wordings show', 'kyc', '1', '--language', 'en'],
  ['consent give', lead, '--purpose', 'kyc', '--source', 'paper'],
  ['consent list', lead],
  ['consent check', lead, '--purpose', 'kyc'],
  ['consent block', lead, '--channel', 'all', '--source', 'call'],
  ['consent blocks', lead],
  ['consent unblock', lead, '--channel', 'all'],
  ['consent withdraw', lead, '--purpose', 'kyc', '--source', 'call'],
  ['leads erase', lead, '--reason', 'person-asked', '--yes'],
  ['leads finish-erasures'],
  ['leads show', lead],
  ['tick'],
];

const office = `slug: office
name: Office
hours:
  mon: [['09:30', '18:30']]
  fri: [['09:30', '13:00'], ['22:00', '02:00']]
holidays: [{ date: '2026-01-26', name: Republic Day }]
`;

const isFull = process.env['LMS_TEST_FULL'] === '1';
/** Each command is a process, on three shapes: what is not in this sample is left to the full run. */
const sample: ReadonlySet<string> = new Set([
  'schema publish',
  'leads create',
  'tasks complete',
  'leads move',
  'leads list',
  'import',
  'board',
  'report funnel',
]);
const script = isFull ? wholeScript : wholeScript.filter(([command]) => sample.has(command));

/** These tell of the store itself, of this machine or of the shell; what they do is tested on their own. */
const apart: readonly string[] = [
  'init',
  'doctor',
  'audit list',
  'audit head',
  'audit verify',
  'audit export',
  'audit seal',
  'keys status',
  'keys new',
  'keys rotate',
  'help',
  'completion bash',
  'completion zsh',
  'completion fish',
  'stages reorder',
  'imports show',
  'imports watch',
  'imports cancel',
  'exchanges show',
  'jobs show',
  'jobs retry',
  'jobs cancel',
  'events pause',
  'events resume',
  'events retry',
  'events skip',
  'events replay',
  'events forget',
  'timers retry',
  'notify test',
  'notify show',
  'notify retry',
  'webhooks add',
  'webhooks show',
  'webhooks update',
  'webhooks test',
  'webhooks rotate',
  'webhooks disable',
  'webhooks enable',
  'webhooks remove',
  'webhooks deliveries',
  'webhooks replay',
  'webhooks dismiss',
  'work',
  'exchanges try',
  'storage status',
  'storage migrate',
  'storage verify',
  'storage rebuild-facts',
  'backup',
  'backups show',
  'backups verify',
  'restore',
];

const notices = `
templates: [{ name: received, channel: email, language: en, subject: 'We have {{lead.number}}', text: 'Hello' }]
rules: [{ name: tell, event: lead.created, to: { kind: person }, channels: [email], template: received }]
`;

/** An editor without a terminal, a duplicate, a value that is none, a move over a task, rows that are refused. */
const expectedRefusals: readonly (readonly [string, number])[] = [
  ['schema edit', 2],
  ['leads create', 5],
  ['leads create', 3],
  ['leads move', 5],
  ['import rows.csv', 4],
  ['import rows.csv', 4],
  ['import rows.csv', 4],
];

interface Answer {
  readonly command: string;
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the script on one shape; what differs by chance is taken out of the answers. */
async function answersOn(shape: StoreShape): Promise<readonly Answer[]> {
  await using folder = await shape.make();
  const init = shape.name === 'mysql' ? ['init', '--kind', 'mysql'] : ['init'];
  expect(await folder.lms(init)).toMatchObject({ exitCode: 0 });
  await writeFile(folder.file('mapping.yaml'), 'columns:\n  Name: fullName\n  Mobile: mobile\n');
  await writeFile(folder.file('office.yaml'), office);
  await writeFile(folder.file('notices.yaml'), notices);
  await writeFile(folder.file('wording.txt'), 'I agree that my identity is verified.\n');
  await copyFile(exampleFile('data/leads.csv'), folder.file('rows.csv'));
  const answers: Answer[] = [];
  let number = '';
  for (const [command, ...rest] of script) {
    const words = [...command.split(' '), ...rest.map((word) => word.replace('{lead}', number))];
    const { exitCode, stdout, stderr } = await folder.lms(words, { environment: { EDITOR: 'true' } });
    number ||= /LEAD-\d{6}-\d{5}/.exec(`${stdout}${stderr}`)?.[0] ?? '';
    answers.push({
      command: words.join(' '),
      exitCode,
      stdout: withoutChance(stdout, folder),
      stderr: withoutChance(stderr, folder),
    });
  }
  for (const file of isFull ? ['lines.ts', 'rejects.csv', 'leads.csv'] : ['rejects.csv']) {
    const text = await readFile(folder.file(file), 'utf8');
    answers.push({ command: file, exitCode: 0, stdout: withoutChance(text, folder), stderr: '' });
  }
  return answers;
}

/** Ids, times and durations differ from run to run, and the folder from store to store. */
function withoutChance(text: string, folder: LmsFolder): string {
  return (
    text
      .replaceAll(folder.path, 'FOLDER')
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
      .replaceAll(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g, 'INSTANT')
      .replaceAll(/\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?/g, 'TIME')
      .replaceAll(/(--cursor |"nextCursor": ")[\w-]+/g, '$1CURSOR')
      // Of a file with times in it.
      .replaceAll(/sha256 [0-9a-f]+/g, 'sha256 HASH')
      .replaceAll(/^\d+ %, .*\n/gm, '')
      .replaceAll(/[\d.,]+ ?(ms|s|min)\b/g, 'DURATION')
      .replaceAll(/[\d.,]+ (rows|leads)\/s/g, 'RATE')
  );
}

describe('every command answers alike on every shape', () => {
  const answers = new Map<string, readonly Answer[]>();

  beforeAll(async () => {
    const found = await Promise.all(allStoreShapes.map(answersOn));
    for (const [at, shape] of allStoreShapes.entries()) answers.set(shape.name, found[at] ?? []);
  }, 900_000);

  it('of all commands, but those that tell of the store itself', () => {
    const tried = new Set([...wholeScript.map(([command]) => command), ...apart]);
    expect(Object.keys(examples).filter((command) => !tried.has(command))).toEqual([]);
  });

  it('is refused where the script means it to be, and nowhere else', () => {
    const refused = (answers.get('sqlite') ?? []).filter(({ exitCode }) => exitCode !== 0);
    const wanted = expectedRefusals.filter(
      ([command]) => isFull || sample.has(command) || command.startsWith('import'),
    );
    expect(refused.map(({ command, exitCode }) => [command.split(' ').slice(0, 2).join(' '), exitCode])).toEqual(
      wanted,
    );
  });

  it.each(allStoreShapes.map(({ name }) => name).filter((name) => name !== 'sqlite'))('%s as on a file', (name) => {
    const onFile = answers.get('sqlite') ?? [];
    const here = answers.get(name) ?? [];
    expect(here.map(({ command }) => command)).toEqual(onFile.map(({ command }) => command));
    const differing = here
      .map((answer, at) => [answer, onFile[at]])
      .filter(([one, other]) => !isDeepStrictEqual(one, other));
    expect(differing).toEqual([]);
  });
});
