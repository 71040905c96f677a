import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';

const mostCopies = 1000;

/** A text in a file of its own while a person edits it; nobody else can read it. */
export class EditedFile {
  readonly path: string;
  readonly #folder: string;
  readonly #name: string;
  readonly #opened: string;
  #isKeptHere = false;

  private constructor(folder: string, name: string, opened: string) {
    this.#folder = folder;
    this.#name = name;
    this.#opened = opened;
    this.path = join(folder, name);
  }

  /** @param companions files beside it, by name */
  static async make(
    name: string,
    text: string,
    companions: Readonly<Record<string, string>> = {},
  ): Promise<EditedFile> {
    const folder = await mkdtemp(join(tmpdir(), 'lms-edit-'));
    for (const [file, content] of Object.entries({ ...companions, [name]: text })) {
      await writeFile(join(folder, file), content, { mode: 0o600, flag: 'wx' });
    }
    return new EditedFile(folder, name, text);
  }

  /** Whether it says something else than when it was opened. */
  async isChanged(): Promise<boolean> {
    return (await readFile(this.path, 'utf8').catch(() => this.#opened)) !== this.#opened;
  }

  /**
   * Copies the text to a new file in a folder, `NAME-edited.yaml` or the next that is free. Where nothing can be written there
   * it stays where it is, and is not removed any more.
   * @param folder the working folder when absent
   * @returns the file that now holds the text
   */
  async keep(folder: string = process.cwd()): Promise<string> {
    const { name, ext } = parse(this.#name);
    const text = await readFile(this.path);
    for (let copy = 1; copy <= mostCopies; copy += 1) {
      const file = join(folder, `${name}-edited${copy === 1 ? '' : `-${copy}`}${ext}`);
      try {
        await writeFile(file, text, { mode: 0o600, flag: 'wx' });
        await this.remove();
        return file;
      } catch (cause) {
        if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) break;
      }
    }
    this.#isKeptHere = true;
    return this.path;
  }

  async remove(): Promise<void> {
    if (!this.#isKeptHere) await rm(this.#folder, { recursive: true, force: true });
  }
}
