import { open } from 'node:fs/promises';
import { diskFullError } from '../../../foundation/kernel/index.js';

const flushAt = 64 * 1024;

/** A new text file for its owner alone, written in large pieces. */
export class TextFileWriter {
  readonly #handle: Awaited<ReturnType<typeof open>>;
  #waiting: string[] = [];
  #length = 0;

  private constructor(handle: Awaited<ReturnType<typeof open>>) {
    this.#handle = handle;
  }

  /** @throws LmsError `DISK_FULL` */
  static async create(file: string): Promise<TextFileWriter> {
    return new TextFileWriter(await told(open(file, 'wx', 0o600)));
  }

  /** @throws LmsError `DISK_FULL` */
  async write(text: string): Promise<void> {
    this.#waiting.push(text);
    this.#length += text.length;
    if (this.#length > flushAt) await this.#flush();
  }

  /** @throws LmsError `DISK_FULL` */
  async close(): Promise<void> {
    try {
      await this.#flush();
    } finally {
      await this.#handle.close();
    }
  }

  async abandon(): Promise<void> {
    this.#waiting = [];
    await this.#handle.close().catch(() => undefined);
  }

  async #flush(): Promise<void> {
    const text = this.#waiting.join('');
    this.#waiting = [];
    this.#length = 0;
    // Writes all of it, where `write` may leave a part to its caller.
    await told(this.#handle.appendFile(text));
  }
}

async function told<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    throw diskFullError(cause, 'The reject file');
  }
}
