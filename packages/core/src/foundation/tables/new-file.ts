import { type FileHandle, link, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { systemCode } from '../kernel/index.js';
import { fittingName } from './fitting-name.js';
import { syncFolder } from './sync-folder.js';
import type { ByteSink } from './table-writer.js';

export interface NewFileOptions {
  readonly file: string;
  /** Tells the unfinished file from those of others that write a file of this name at the same time. */
  readonly name: string;
  /** What a failure of the file system is thrown as. */
  readonly failure: (cause: unknown) => unknown;
}

const flushAt = 64 * 1024;

/**
 * A file being written, for its owner only (mode 600). It has its name once it is published, whole, and not before: until
 * then it is `.FILE.NAME.partial` beside it. After `close` comes `publish`, or `discard` at any time.
 */
export class NewFile implements ByteSink {
  /** Where it is until it is published. */
  readonly partial: string;
  readonly #file: string;
  readonly #failure: (cause: unknown) => unknown;
  #handle: FileHandle | null = null;
  #waiting: Uint8Array[] = [];
  #length = 0;

  private constructor({ file, name, failure }: NewFileOptions) {
    this.#file = file;
    this.partial = join(dirname(file), fittingName('.', basename(file), `.${name}.partial`));
    this.#failure = failure;
  }

  static async create(options: NewFileOptions): Promise<NewFile> {
    const made = new NewFile(options);
    made.#handle = await made.#telling(() => open(made.partial, 'wx', 0o600));
    return made;
  }

  /** Gathers small pieces, so a failure may be told by a later call. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#waiting.push(bytes);
    this.#length += bytes.length;
    if (this.#length >= flushAt) await this.#telling(() => this.#flush());
  }

  /** Returns when everything is on the disk. */
  async close(): Promise<void> {
    await this.#telling(async () => {
      await this.#flush();
      await this.#handle?.sync();
      await this.#letGo();
    });
  }

  /**
   * Gives the file its name, which is on the disk too when this returns.
   * @param how `replace`: whether a file that has the name loses it; without, of two who publish one name at once one gets it.
   * `as`: another name in the same folder
   * @returns false, and changes nothing, where the name is taken
   */
  async publish({ replace, as = this.#file }: { readonly replace: boolean; readonly as?: string }): Promise<boolean> {
    return this.#telling(async () => {
      if (replace) await rename(this.partial, as);
      else if (!(await this.#linked(as))) return false;
      else await rm(this.partial, { force: true });
      await syncFolder(dirname(as));
      return true;
    });
  }

  /** Leaves nothing behind; never throws. */
  async discard(): Promise<void> {
    this.#waiting = [];
    await this.#letGo().catch(() => undefined);
    await rm(this.partial, { force: true }).catch(() => undefined);
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#length = 0;
    // Writes all of it, where `write` may leave a part to its caller.
    await this.#handle?.appendFile(bytes);
  }

  async #letGo(): Promise<void> {
    const held = this.#handle;
    this.#handle = null;
    await held?.close();
  }

  /** A second name, which is refused where there is such a file; not every file system has them. */
  async #linked(name: string): Promise<boolean> {
    try {
      await link(this.partial, name);
      return true;
    } catch (cause) {
      if ((await stat(name).catch(() => null)) !== null) return false;
      if (!codesWithoutLinks.has(systemCode(cause) ?? '')) throw cause;
      await rename(this.partial, name);
      return true;
    }
  }

  async #telling<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (cause) {
      throw this.#failure(cause);
    }
  }
}

const codesWithoutLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL', 'EXDEV']);
