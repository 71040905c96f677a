import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Actor, createLms, type Lms } from '../../src/index.js';
import { sqlite } from '../../src/storage/sqlite.js';
import { testKey } from '../../src/testing/index.js';
import { leadsOf, prepareLead, root } from './leads-of-point.js';
import type { CrashOperation, PreparedSubject, Subject, Workshop } from './operation.js';
import type { RawState } from './raw-state.js';

const dayMillis = 24 * 60 * 60 * 1000;
const listEnding = '.destroyed';
/** As files are called that LMS names itself. */
const backupEnding = '.lmsbackup';

/** Files that are written of what a store holds. */
export const fileOperations: readonly CrashOperation[] = [
  {
    name: 'backup',
    everyRun: true,
    writesBeside: true,
    inParts: true,
    async prepare(workshop, subject) {
      const lead = await prepareLead(workshop, subject);
      await mkdir(earlierBackups(subject));
      await backupBefore(workshop, subject, 1, earlierBackup(subject));
      return [lead];
    },
    async run(lms, subject) {
      const { output } = subject;
      for (const ending of existsSync(output) ? [] : ['', listEnding])
        await cp(`${earlierBackup(subject)}${ending}`, `${output}${ending}`);
      await lms.as(root).backups.create({ file: output, replace: true });
    },
    /** Half a backup must not be called as a whole one, and whenever it ends there is one that can be restored. */
    look: (lms, { output }) => unfitBackups(lms, existsSync(output) ? [output] : []),
    signs: (state, subject) => ({
      'the lead': leadsOf(state, subject.tag).length === 1,
      'the file': isReplaced(subject, ''),
      'its list': isReplaced(subject, listEnding),
    }),
  },
  {
    name: 'backup into a folder',
    writesBeside: true,
    inParts: true,
    async prepare(workshop, subject) {
      const lead = await prepareLead(workshop, subject);
      await mkdir(earlierBackups(subject));
      for (const daysAgo of [3, 2]) await backupBefore(workshop, subject, daysAgo);
      return [lead];
    },
    async run(lms, subject) {
      const folder = subject.output;
      if (!existsSync(folder)) await cp(earlierBackups(subject), folder, { recursive: true });
      await lms.as(root).backups.create({ folder, keep: { daily: 1 } });
    },
    /** Whenever it ends, there is a backup that can be restored, and none that looks like one and is not. */
    async look(lms, { output: folder }) {
      if (!existsSync(folder)) return [];
      const backups = (await readdir(folder)).filter((name) => name.endsWith(backupEnding));
      if (backups.length === 0) return ['no backup is left'];
      return unfitBackups(
        lms,
        backups.map((name) => join(folder, name)),
      );
    },
    signs: (state, { output: folder, tag }) => ({
      'the lead': leadsOf(state, tag).length === 1,
      'one backup with its list': isPruned(folder),
    }),
  },
  {
    name: 'export',
    writesBeside: true,
    prepare: async (workshop, subject) => [
      await prepareLead(workshop, subject, 0),
      await prepareLead(workshop, subject, 1),
    ],
    async run(lms, { output, tag }) {
      await lms
        .as(rootAt(tag))
        .leads.export({ filter: { campaign: tag }, format: 'ndjson', to: { file: output, replace: true } });
    },
    inParts: true,
    /** Half a file must not be called as a whole one. */
    async look(_lms, { output }) {
      const text = await readFile(output, 'utf8').catch(() => null);
      if (text === null || text.trim().split('\n').length === 2) return [];
      return [`the file that was left holds ${JSON.stringify(text)}`];
    },
    signs: (state, { output, tag }) => ({
      'both leads': leadsOf(state, tag).length === 2,
      'what tells of it': tellsOfExport(state, 'leads.exported', tag),
      'the file': existsSync(output),
    }),
  },
  {
    name: 'export the trail',
    writesBeside: true,
    prepare: async (workshop, subject) => [await prepareLead(workshop, subject)],
    async run(lms, { output, tag }) {
      const { audit } = lms.as(rootAt(tag));
      await audit.seal();
      await audit.export({ file: output, format: 'ndjson', to: 2, replace: true });
    },
    inParts: true,
    /** Half a file must not be called as a whole one. */
    async look(_lms, { output }) {
      const text = await readFile(output, 'utf8').catch(() => null);
      if (text === null || /^\{"position":1,.*\}\n\{"position":2,.*\}\n$/.test(text)) return [];
      return [`the file that was left holds ${JSON.stringify(text)}`];
    },
    signs: (state, { output, tag }) => ({
      'the lead': leadsOf(state, tag).length === 1,
      'what tells of it': tellsOfExport(state, 'audit.exported', tag),
      'the file': existsSync(output),
    }),
  },
];

/** Points share a store and its people: the trail tells by their machines who of them it was. */
function rootAt(tag: string): Actor {
  return { kind: 'user', id: 'root', via: { host: tag, operatingSystemUser: 'matrix' } };
}

/** A whole export of this point's own. */
function tellsOfExport({ audit }: RawState, type: string, tag: string): boolean {
  return audit.some(({ eventType, host, ended }) => eventType === type && host === tag && ended === 'completed');
}

function earlierBackups({ folder, tag }: PreparedSubject): string {
  return join(folder, `${tag}-earlier`);
}

function earlierBackup(subject: PreparedSubject): string {
  return join(earlierBackups(subject), `${subject.tag}${backupEnding}`);
}

/** @param file where; else under a name of its own among those of the subject */
async function backupBefore(
  { lms, travel }: Workshop,
  subject: PreparedSubject,
  daysAgo: number,
  file?: string,
): Promise<void> {
  travel(-daysAgo * dayMillis);
  await lms.as(root).backups.create(file === undefined ? { folder: earlierBackups(subject) } : { file });
  travel(daysAgo * dayMillis);
}

/** Whether a file is there, and is not the earlier one. */
function isReplaced(subject: Subject, ending: string): boolean {
  const file = `${subject.output}${ending}`;
  return existsSync(file) && !readFileSync(file).equals(readFileSync(`${earlierBackup(subject)}${ending}`));
}

function isPruned(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const names = readdirSync(folder).filter((name) => !name.startsWith('.'));
  const [backup = '', list, ...others] = names.toSorted();
  return others.length === 0 && backup.endsWith(backupEnding) && list === `${backup}${listEnding}`;
}

/** What is wrong with backups that were left: each must be readable from end to end, and can be restored. */
async function unfitBackups(lms: Lms, files: readonly string[]): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const file of files) {
    try {
      await lms.verifyBackup(file);
      await restoreElsewhere(file);
    } catch (error) {
      problems.push(`the backup that was left is none: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
  return problems;
}

async function restoreElsewhere(file: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lms-crash-restored-'));
  const restored = await createLms({ storage: sqlite({ file: join(folder, 'restored.db') }), key: testKey });
  try {
    await restored.restore({ file });
  } finally {
    await restored.close();
    await rm(folder, { recursive: true });
  }
}
