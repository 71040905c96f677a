import { createHash } from 'node:crypto';
import type { ByteSink } from '../../../foundation/tables/index.js';

/** What became of the bytes. */
export interface WrittenBytes {
  readonly bytes: number;
  /** SHA-256 of all of them, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** A place for an export. After `close` comes `publish`, or `discard` at any time. */
export interface ExportTarget extends ByteSink {
  /** Waits until everything is written. */
  close(): Promise<void>;
  /** Makes the export visible under its name. */
  publish(): Promise<void>;
  /** Takes away what can be taken away; never throws. */
  discard(): Promise<void>;
}

/** Counts and hashes what goes through. */
export class MeasuredSink implements ByteSink {
  readonly #sink: ByteSink;
  readonly #hash: ReturnType<typeof createHash> = createHash('sha256');
  #bytes = 0;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    await this.#sink.write(bytes);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Of everything; call it once, at the end. */
  finish(): WrittenBytes {
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }
}
