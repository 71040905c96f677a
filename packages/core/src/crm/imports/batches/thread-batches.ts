import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { LmsError } from '../../../foundation/kernel/index.js';
import { hasOwnTypes } from '../../fields/index.js';
import type { LeadClaim, LineDefinition, PackedDrafts } from '../../leads/index.js';
import type { SourceRow } from '../rows/index.js';
import type { RowBatch, RowBatches, RowRange } from './row-batch.js';
import {
  errorOf,
  type ThreadAnswer,
  type ThreadBatch,
  type ThreadQuestion,
  type ThreadTask,
} from './thread-messages.js';

/** Batches that are read and sealed while the one before is stored. */
const readAhead = 1;

/** The thread holds a few batches of rows; a small young generation keeps what it has dropped from piling up. */
const memoryOfThread = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 };

const closeMillis = 2_000;

/** Gives back drafts as they were before they were packed. */
export type Unpack<Draft> = (packed: PackedDrafts, line: LineDefinition) => readonly Draft[];

interface Waiting {
  readonly resolve: (answer: ThreadAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** A batch that was asked for, and the definition of the line that the thread had then. */
interface Ahead {
  readonly batch: Promise<ThreadBatch | null>;
  readonly line: LineDefinition;
}

/** Reads, checks and seals on a thread of its own, ahead of who stores. */
export class ThreadBatches<Draft extends LeadClaim> implements RowBatches<Draft> {
  readonly #worker: Worker;
  readonly #now: () => number;
  readonly #unpack: Unpack<Draft>;
  readonly #waiting: Waiting[] = [];
  readonly #ahead: Ahead[] = [];
  #line: LineDefinition;
  #given = -1;
  #failure: Error | null = null;

  private constructor(worker: Worker, line: LineDefinition, now: () => number, unpack: Unpack<Draft>) {
    this.#worker = worker;
    this.#unpack = unpack;
    this.#line = line;
    this.#now = now;
    worker.on('message', (answer: ThreadAnswer) => this.#waiting.shift()?.resolve(answer));
    worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => this.#fail(new Error('the thread that reads the file ended')));
  }

  /** null where threads are forbidden (Node's permission model), or an embedder's bundler left the program behind. */
  static start<Draft extends LeadClaim>(
    task: ThreadTask,
    now: () => number,
    unpack: Unpack<Draft>,
  ): ThreadBatches<Draft> | null {
    try {
      const program = new URL(`./row-thread${extname(import.meta.url)}`, import.meta.url);
      if (!existsSync(program)) return null;
      const worker = new Worker(program, { workerData: task, resourceLimits: memoryOfThread, name: 'lms import' });
      return new ThreadBatches<Draft>(worker, task.line, now, unpack);
    } catch {
      return null;
    }
  }

  async next(): Promise<RowBatch<Draft> | null> {
    while (this.#ahead.length <= readAhead) {
      const batch = this.#askForBatch({ ask: 'next', now: this.#now() });
      // It may fail before anybody waits for it; whoever comes for it gets the error.
      batch.catch(() => undefined);
      this.#ahead.push({ batch, line: this.#line });
    }
    const ahead = this.#ahead.shift();
    const batch = (await ahead?.batch) ?? null;
    if (batch === null) return null;
    this.#given = batch.place;
    // It was read ahead before the line was published.
    return ahead?.line === this.#line ? this.#open(batch) : this.again(this.#line);
  }

  async again(line: LineDefinition): Promise<RowBatch<Draft>> {
    if (hasOwnTypes(line.schema)) throw typesCameMeanwhile(line.head.slug);
    this.#line = line;
    const batch = await this.#askForBatch({ ask: 'again', place: this.#given, line, now: this.#now() });
    if (batch === null) throw new Error('the thread has no batch to give again');
    return this.#open(batch);
  }

  async skip(taken: readonly RowRange[]): Promise<void> {
    await this.#ask({ ask: 'skip', taken });
  }

  async rows(places: readonly number[]): Promise<readonly SourceRow[]> {
    const answer = await this.#ask({ ask: 'rows', batch: this.#given, places });
    return 'rows' in answer ? answer.rows : [];
  }

  async close(): Promise<void> {
    // It gives back what it set aside on the disk; one that does not answer in time is ended all the same.
    this.#worker.postMessage({ ask: 'close' } satisfies ThreadQuestion);
    await Promise.race([once(this.#worker, 'exit'), setTimeout(closeMillis)]);
    this.#failure ??= new Error('closed');
    await this.#worker.terminate();
    await Promise.allSettled(this.#ahead.map(({ batch }) => batch));
  }

  #open(batch: ThreadBatch): RowBatch<Draft> {
    const line = this.#line;
    const unpack = this.#unpack;
    function* drafts(): Generator<readonly Draft[]> {
      for (const part of batch.drafts) yield unpack(part, line);
    }
    return { ...batch, line, drafts: { [Symbol.iterator]: drafts } };
  }

  async #askForBatch(question: ThreadQuestion): Promise<ThreadBatch | null> {
    const answer = await this.#ask(question);
    return 'batch' in answer ? answer.batch : null;
  }

  async #ask(question: ThreadQuestion): Promise<ThreadAnswer> {
    if (this.#failure !== null) throw this.#failure;
    const asked = new Promise<ThreadAnswer>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    this.#worker.postMessage(question);
    const answer = await asked;
    if ('error' in answer) throw errorOf(answer.error);
    return answer;
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(this.#failure);
  }
}

/** The thread has no types of plugins; an import that begins with such a line reads its rows on the calling thread. */
function typesCameMeanwhile(slug: string): LmsError {
  return new LmsError('DEFINITION_CONFLICT', {
    message: `${slug} was published with field types of plugins while a file was imported into it: what was taken stays, as the run tells; import the rows after it again`,
    path: 'productLine',
  });
}
