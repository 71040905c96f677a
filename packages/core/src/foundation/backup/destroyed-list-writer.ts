import type { MasterKeyHandle } from '../privacy/index.js';
import { NewFile } from '../tables/index.js';
import { notWritten } from './backup-problems.js';
import type { DestroyedKey } from './destroyed-keys.js';
import { headLine, keyLine, type ListHead, ListSums } from './destroyed-list-format.js';

/** A list of destroyed keys being written. After `close` comes `publish`, or `discard` at any time. */
export class DestroyedListWriter {
  readonly #file: NewFile;
  readonly #sums: ListSums;

  private constructor(file: NewFile, sums: ListSums) {
    this.#file = file;
    this.#sums = sums;
  }

  static async begin(
    file: string,
    { name, masterKey, ...head }: ListHead & { readonly name: string; readonly masterKey: MasterKeyHandle },
  ): Promise<DestroyedListWriter> {
    const made = await NewFile.create({ file, name, failure: (cause) => notWritten(file, cause) });
    const list = new DestroyedListWriter(made, new ListSums(masterKey, head.lineage));
    await list.#line(headLine(head));
    return list;
  }

  async add(keys: readonly DestroyedKey[]): Promise<void> {
    for (const key of keys) await this.#line(keyLine(key));
  }

  /** Ends the list, which is on the disk then, without its name. */
  async close(): Promise<void> {
    await this.#file.write(Buffer.from(`${this.#sums.endLine()}\n`, 'utf8'));
    await this.#file.close();
  }

  /** Gives the list its name, in the place of an earlier one. */
  async publish(): Promise<void> {
    await this.#file.publish({ replace: true });
  }

  discard(): Promise<void> {
    return this.#file.discard();
  }

  async #line(text: string): Promise<void> {
    const bytes = Buffer.from(`${text}\n`, 'utf8');
    this.#sums.add(bytes);
    await this.#file.write(bytes);
  }
}
