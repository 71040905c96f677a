import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLms, type ImportRequest, type Lms } from '../../src/index.js';
import { crashLine, personOf } from './crash-line.js';
import { activitiesOf, effectOf, leadsOf, prepareLead, root } from './leads-of-point.js';
import { matrixKeys } from './matrix-keys.js';
import type { CrashOperation, PreparedSubject, Subject } from './operation.js';
import type { RawLead, RawState } from './raw-state.js';

const headings = ['fullName', 'mobile', 'email', 'pan', 'city'] as const;
/** Of the first row below the header, as the spreadsheet numbers it. */
const firstRow = 2;

/** Files that become leads. */
export const importOperations: readonly CrashOperation[] = [
  {
    name: 'import',
    everyRun: true,
    prepare: (_, subject) => writeRows(subject, [rowOf(subject, 0), rowOf(subject, 1), rowOf(subject, 2)]),
    run: (lms, subject) => importRows(lms, subject),
    // A batch and its receipt are one unit: a row without one would be told as a duplicate of the lead that it has made.
    ...effectOf((state, subject) => {
      const leads = imported(state, subject);
      return {
        'first batch': {
          'both leads': leads.length >= 2,
          'row 2': isTaken(state, subject, firstRow, leads[0]),
          'row 3': isTaken(state, subject, firstRow + 1, leads[1]),
        },
        'second batch': { 'its lead': leads.length === 3, 'row 4': isTaken(state, subject, firstRow + 2, leads[2]) },
        'the runs': { 'one that finished says what it took': saysWhatItTook(state, subject) },
      };
    }),
  },
  {
    name: 'import that updates',
    async prepare(workshop, subject) {
      const lead = await prepareLead(workshop, subject);
      await writeRows(subject, [rowOf(subject, 0), rowOf(subject, 1)]);
      return [lead];
    },
    run: (lms, subject) => importRows(lms, subject, { duplicates: 'update' }),
    // What updates a lead is a unit of that lead, and the receipt of the row comes after it: a repeat finds nothing to change.
    ...effectOf((state, subject) => {
      const changed = state.leads.find(({ id }) => id === subject.leads[0]);
      const made = imported(state, subject);
      return {
        'the new lead': {
          'the lead': made.length === 1,
          'its row': isTaken(state, subject, firstRow + 1, made[0]),
        },
        'the change': {
          'the city': changed?.index.some(({ text }) => text === 'nagpur') === true,
          'one activity': activitiesOf(state, changed, 'UPDATED') === 1,
        },
        'the row of the change': { 'its row': isTaken(state, subject, firstRow, changed) },
        'the runs': { 'one that finished says what it took': saysWhatItTook(state, subject) },
      };
    }),
  },
  {
    name: 'import that refuses',
    writesBeside: true,
    prepare: (_, subject) => writeRows(subject, [rowOf(subject, 0), { ...rowOf(subject, 1), mobile: 'none' }]),
    run: (lms, subject) =>
      importRows(lms, subject, { rejectFile: subject.output, replaceRejectFile: true }, 'completed_with_rejects'),
    ...effectOf((state, subject) => ({
      'the lead': {
        'the lead': imported(state, subject).length === 1,
        'its row': isTaken(state, subject, firstRow, imported(state, subject)[0]),
      },
      'the refused row': { 'its file': existsSync(subject.output) },
      'the runs': { 'one that finished says what it took': saysWhatItTook(state, subject) },
      'the refusal': {
        'counted by one that finished': finishedRuns(state, subject).some(({ rejected }) => rejected === 1),
      },
    })),
    /** Half a file must not be called as a whole one. */
    async look(_lms, { output }) {
      const text = await readFile(output, 'utf8').catch(() => null);
      if (text === null || text.trim().split('\n').length === 2) return [];
      return [`the reject file that was left holds ${JSON.stringify(text)}`];
    },
  },
  {
    name: 'leave an import to a worker',
    prepare: (_, subject) => writeRows(subject, [rowOf(subject, 0)]),
    async run(lms, subject) {
      await lms.as(root).imports.detach({ file: fileOf(subject), productLine: crashLine.slug, campaign: subject.tag });
    },
    // A round of housekeeping may have run it before it is asked for again; while it is active there is one.
    signs: ({ jobs }, { tag }) => {
      const own = jobs.filter(({ payload }) => payload.includes(nameOf(tag)));
      const active = own.filter(({ activeKey }) => activeKey !== null);
      return { 'the job': own.length > 0 && active.length <= 1 };
    },
  },
  {
    name: 'do an import left to a worker',
    async prepare({ lms }, subject) {
      await writeRows(subject, [rowOf(subject, 0), rowOf(subject, 1), rowOf(subject, 2)]);
      const request = { file: fileOf(subject), productLine: crashLine.slug, campaign: subject.tag };
      return [(await lms.as(root).imports.detach(request)).id];
    },
    async run(_lms, { leads: [id = ''] }, { storage }) {
      // Short leases: what a worker that was killed had in hand is soon another's. Rows a batch are those of whoever left it.
      const jobs = { leaseMillis: 400, heartbeatMillis: 200 };
      const worker = await createLms({ storage, key: matrixKeys, imports: { batchSize: 2, thread: false }, jobs });
      for (let rounds = 0; rounds < 60; rounds += 1) {
        await worker.tick();
        if ((await worker.as(root).imports.detached(id)).status === 'done') return;
        await sleep(50);
      }
    },
    ...effectOf((state, subject) => {
      const leads = imported(state, subject);
      return {
        'first batch': {
          'both leads': leads.length >= 2,
          'row 2': isTaken(state, subject, firstRow, leads[0]),
          'row 3': isTaken(state, subject, firstRow + 1, leads[1]),
        },
        'second batch': { 'its lead': leads.length === 3, 'row 4': isTaken(state, subject, firstRow + 2, leads[2]) },
        'the runs': {
          'one, which finished and says what it took':
            runsOf(state, subject).length === 1 && saysWhatItTook(state, subject),
        },
        'the job': { 'it is done': state.jobs.some((job) => job.id === subject.leads[0] && job.status === 'done') },
      };
    }),
    alone: true,
  },
  {
    name: 'cancel an import left to a worker',
    async prepare({ lms, damage }, subject) {
      await writeRows(subject, [rowOf(subject, 0)]);
      const { id } = await lms.as(root).imports.detach({ file: fileOf(subject), productLine: crashLine.slug });
      // No round of housekeeping runs it.
      await damage([`UPDATE jobs SET run_at = '2200-01-01T00:00:00.000Z' WHERE id = '${id}'`]);
      return [id];
    },
    run: async (lms, { leads: [id = ''] }) => {
      await lms.as(root).imports.cancel(id);
    },
    signs: ({ jobs, audit }, { leads: [id] }) => ({
      cancelled: jobs.find((job) => job.id === id)?.status === 'cancelled',
      'its row of the trail':
        audit.filter((row) => row.eventType === 'job.cancelled' && row.aggregateId === id).length === 1,
    }),
  },
];

type Row = Readonly<Record<string, string>>;

function rowOf(subject: PreparedSubject, who: number): Row {
  return { ...personOf(subject, who), city: 'Nagpur' };
}

async function writeRows(subject: PreparedSubject, rows: readonly Row[]): Promise<readonly string[]> {
  const lines = rows.map((row) => headings.map((heading) => row[heading]).join(','));
  await writeFile(fileOf(subject), [headings.join(','), ...lines].join('\n'));
  return [];
}

function fileOf({ folder, tag }: Pick<Subject, 'folder' | 'tag'>): string {
  return join(folder, nameOf(tag));
}

function nameOf(tag: string): string {
  return `${tag}.csv`;
}

async function importRows(
  lms: Lms,
  subject: Subject,
  choices: Partial<ImportRequest> = {},
  wanted = 'completed',
): Promise<void> {
  const request = { file: fileOf(subject), productLine: crashLine.slug, campaign: subject.tag, ...choices };
  const { counts, status } = await lms.as(root).imports.run(request);
  if (status !== wanted) throw new Error(`the import ended ${status}: ${JSON.stringify(counts)}`);
}

/** The leads that imports made for a point, in the order of their rows. */
function imported(state: RawState, { tag }: Subject): readonly RawLead[] {
  return leadsOf(state, tag).filter(({ source }) => source === 'import');
}

function runsOf({ runs }: RawState, { tag }: Subject): RawState['runs'] {
  return runs.filter(({ fileName }) => fileName === nameOf(tag));
}

function finishedRuns(state: RawState, subject: Subject): RawState['runs'] {
  return runsOf(state, subject).filter(({ status }) => status.startsWith('completed'));
}

interface TakenRow {
  readonly run: string;
  readonly row: number;
  readonly number: string;
}

/** The rows that receipts say runs of the point's file have taken, and what became of them. */
function takenRows(state: RawState, subject: Subject): readonly TakenRow[] {
  const runs = runsOf(state, subject).map(({ id }) => id);
  return state.receipts
    .flatMap(({ taken }) => taken)
    .filter(({ run }) => runs.includes(run))
    .flatMap(({ run, firstRow: first, count, numberMonth, firstNumberSeq }) =>
      Array.from({ length: count }, (_, at) => ({
        run,
        row: first + at,
        number: `${numberMonth} ${firstNumberSeq + at}`,
      })),
    );
}

/** Whether a row was taken once, and became this lead. */
function isTaken(state: RawState, subject: Subject, row: number, lead: RawLead | undefined): boolean {
  const taken = takenRows(state, subject).filter((each) => each.row === row);
  return taken.length === 1 && lead !== undefined && taken[0]?.number === `${lead.numberMonth} ${lead.numberSeq}`;
}

/** Whether a run was finished, and each that was says of itself what the receipts say of it. */
function saysWhatItTook(state: RawState, subject: Subject): boolean {
  const finished = finishedRuns(state, subject);
  const taken = takenRows(state, subject);
  return (
    finished.length > 0 &&
    finished.every(({ id, created, updated }) => taken.filter(({ run }) => run === id).length === created + updated)
  );
}
