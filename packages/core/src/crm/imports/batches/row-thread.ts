import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import { cryptoRandom, systemClock, uuidV7Source } from '../../../foundation/kernel/index.js';
import {
  type LeadClaim,
  LeadDrafter,
  type LineDefinition,
  type PackedDrafts,
  packClaims,
  packDrafts,
} from '../../leads/index.js';
import { openRows, type RowSource, type SourceRow } from '../rows/index.js';
import { BatchCutter } from './batch-cutter.js';
import { claimOf } from './claim-of.js';
import { allEmptied, type EmptiedCells } from './emptied-cells.js';
import { KeyDrafter } from './key-drafter.js';
import { type DraftPurpose, type RefusedRow, type RowRange, rowAt, type SayingRow } from './row-batch.js';
import { type DraftedPart, type Drafter, RowDrafter } from './row-drafter.js';
import {
  errorMessage,
  type ThreadAnswer,
  type ThreadBatch,
  type ThreadQuestion,
  type ThreadTask,
} from './thread-messages.js';

/** Batches that may be asked for again: the one in hand and those read ahead of it. */
const mostKept = 4;

interface PackedPart extends Omit<DraftedPart<never>, 'drafts'> {
  readonly packed: PackedDrafts;
  readonly draftCount: number;
}

interface PackedDrafting {
  skip(taken: readonly RowRange[]): void;
  use(line: LineDefinition): void;
  draft(rows: readonly SourceRow[], now: number): AsyncIterable<PackedPart>;
}

function packing<Draft extends LeadClaim>(
  drafter: Drafter<Draft>,
  pack: (drafts: readonly Draft[]) => PackedDrafts,
): PackedDrafting {
  return {
    skip: (taken) => drafter.skip(taken),
    use(line) {
      drafter.line = line;
    },
    async *draft(rows, now) {
      for await (const { drafts, ...part } of drafter.draft(rows, now)) {
        yield { ...part, packed: pack(drafts), draftCount: drafts.length };
      }
    },
  };
}

/** The program of the thread: reads the file and answers questions one after the other. */
class RowThread {
  readonly #task: ThreadTask;
  readonly #drafting: PackedDrafting;
  readonly #kept: Map<number, readonly SourceRow[]> = new Map();
  #rows: BatchCutter | null = null;
  #bytesRead: () => number = () => 0;
  #source: RowSource | null = null;
  #places = 0;

  constructor(task: ThreadTask) {
    this.#task = task;
    const drafter = LeadDrafter.fromKit(task.kit, uuidV7Source(systemClock, cryptoRandom()));
    const { settings, line } = task;
    const draftings: Readonly<Record<DraftPurpose, () => PackedDrafting>> = {
      store: () => packing(new RowDrafter(settings, line, drafter, (prepared) => drafter.seal(prepared)), packDrafts),
      check: () => packing(new RowDrafter(settings, line, drafter, claimOf), packClaims),
      keys: () => packing(new KeyDrafter(settings, line, drafter), packClaims),
    };
    this.#drafting = draftings[task.purpose]();
  }

  async answer(question: Exclude<ThreadQuestion, { ask: 'close' }>): Promise<ThreadAnswer> {
    switch (question.ask) {
      case 'next':
        return { batch: await this.#next(question.now) };
      case 'again':
        this.#drafting.use(question.line);
        return { batch: await this.#batch(question.place, question.now) };
      case 'skip':
        this.#drafting.skip(question.taken);
        return { skipped: true };
      case 'rows': {
        const kept = this.#rowsOf(question.batch);
        return { rows: question.places.map((place) => rowAt(kept, place)) };
      }
    }
  }

  async close(): Promise<void> {
    await this.#source?.close();
  }

  #rowsOf(place: number): readonly SourceRow[] {
    const rows = this.#kept.get(place);
    if (rows === undefined) throw new Error(`batch ${place} is not kept any more`);
    return rows;
  }

  async #next(now: number): Promise<ThreadBatch | null> {
    this.#rows ??= await this.#open();
    const rows = await this.#rows.next();
    if (rows.length === 0) return null;
    const place = this.#places;
    this.#places += 1;
    this.#kept.set(place, rows);
    this.#kept.delete(place - mostKept);
    return this.#batch(place, now);
  }

  async #open(): Promise<BatchCutter> {
    const { file, limits, checked, sheet, headerRow, rowsABatch } = this.#task;
    const source = await openRows(file, limits, undefined, checked);
    this.#source = source;
    this.#bytesRead = () => Math.min(source.bytesRead(), source.totalBytes);
    return new BatchCutter(source.batches({ sheet }), headerRow, rowsABatch);
  }

  async #batch(place: number, now: number): Promise<ThreadBatch> {
    const rows = this.#rowsOf(place);
    const drafts: PackedDrafts[] = [];
    const refused: RefusedRow[] = [];
    const emptied: EmptiedCells[] = [];
    const saying: SayingRow[] = [];
    let draftCount = 0;
    for await (const part of this.#drafting.draft(rows, now)) {
      drafts.push(part.packed);
      draftCount += part.draftCount;
      refused.push(...part.refused);
      emptied.push(part.emptied);
      saying.push(...part.saying);
    }
    const rowNumbers = rows.map((row) => row.rowNumber);
    return {
      place,
      rowNumbers,
      drafts,
      draftCount,
      refused,
      emptied: allEmptied(emptied),
      saying,
      bytesRead: this.#bytesRead(),
    };
  }
}

function serve(): void {
  const port = parentPort;
  if (port === null) throw new Error('this file is the program of a worker thread');
  const task: ThreadTask = workerData;
  const thread = new RowThread(task);
  let last = Promise.resolve();
  port.on('message', (question: ThreadQuestion) => {
    if (question.ask === 'close') {
      void thread.close().finally(() => process.exit(0));
      return;
    }
    last = last.then(async () => {
      try {
        port.postMessage(await thread.answer(question));
      } catch (error) {
        port.postMessage({ error: errorMessage(error) } satisfies ThreadAnswer);
      }
    });
  });
}

serve();
