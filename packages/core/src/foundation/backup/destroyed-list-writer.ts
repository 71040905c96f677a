import type { Hmac } from 'node:crypto';
import type { MasterKeyHandle } from '../privacy/index.js';
import { NewFile } from '../tables/index.js';
import { notWritten } from './backup-problems.js';
import type { DestroyedKey } from './destroyed-keys.js';
import { endLine, headLine, keyLine, type ListHead, sealOf } from './destroyed-list-format.js';

/** A list of destroyed keys being written. After `close` comes `publish`, or `discard` at any time. */
export class DestroyedListWriter {
  readonly #file: NewFile;
  readonly #seal: Hmac;
  #count = 0;

  private constructor(file: NewFile, seal: Hmac) {
    this.#file = file;
    this.#seal = seal;
  }

  static async begin(
    file: string,
    { name, masterKey, ...head }: ListHead & { readonly name: string; readonly masterKey: MasterKeyHandle },
  ): Promise<DestroyedListWriter> {
    const made = await NewFile.create({ file, name, failure: (cause) => notWritten(file, cause) });
    const list = new DestroyedListWriter(made, sealOf(masterKey, head.lineage));
    await list.#line(headLine(head));
    return list;
  }

  async add(keys: readonly DestroyedKey[]): Promise<void> {
    this.#count += keys.length;
    for (const key of keys) await this.#line(keyLine(key));
  }

  /** Ends the list, which is on the disk then, without its name. */
  async close(): Promise<void> {
    await this.#file.write(Buffer.from(`${endLine(this.#count, this.#seal)}\n`, 'utf8'));
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
    this.#seal.update(bytes);
    await this.#file.write(bytes);
  }
}
