import { readdir, realpath, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { diskFullError, LmsError } from '../../../foundation/kernel/index.js';
import {
  type ByteSink,
  csvWriter,
  fittingName,
  NewFile,
  placeProblem,
  xlsxWriter,
} from '../../../foundation/tables/index.js';
import { fileSha256 } from '../file-digest.js';
import { isOfRejectFile } from '../heading.js';
import { emptyCell } from '../rows/cells.js';
import type { SourceForm, SourceRow } from '../rows/index.js';
import { cellTable } from './cell-table.js';
import { lineTable } from './line-table.js';
import type { RejectTable } from './reject-table.js';

/**
 * What becomes of a file that has the name: it refuses the run, is replaced, or is kept; then the rows are written beside it, unless it is
 * the very file that would be written, as one is that an earlier try of the same run has left.
 */
export type TakenName = 'refuses' | 'is-replaced' | 'is-kept';

/** Where refused rows are to be written. */
export interface RejectPlace {
  readonly file: string;
  readonly taken: TakenName;
  /** The file being imported, which must not be overwritten. */
  readonly input: string;
}

export interface RejectFileOptions extends RejectPlace {
  readonly form: SourceForm;
  readonly headings: readonly string[];
  /** Tells the file being written from those of other runs. */
  readonly runName: string;
  /** Tells it from those of other tries of the run; what they have left unfinished goes. Absent where there is one try. */
  readonly tryName?: string;
}

/** Names that are tried beside the one that is taken, before the one of the run, which nobody else has. */
const mostCopies = 99;

/**
 * Rows that were refused, in the form of the file they came from: its columns, then the reasons and the row number. It can
 * be mended and imported as it is, since an import leaves those two columns out. Readable by its owner only; it appears
 * under its name when it is complete, and not at all when no row was refused.
 */
export class RejectFile {
  readonly #options: RejectFileOptions;
  readonly #kept: readonly number[];
  #begun: { readonly file: NewFile; readonly table: RejectTable } | null = null;

  private constructor(options: RejectFileOptions) {
    this.#options = options;
    const places = [...options.headings.keys()];
    this.#kept = places.filter((at) => !isOfRejectFile(options.headings[at] ?? ''));
  }

  /** @throws LmsError as {@link requireRejectPlace} */
  static async prepare(options: RejectFileOptions): Promise<RejectFile> {
    await requireRejectPlace(options);
    return new RejectFile(options);
  }

  /** @throws LmsError `DISK_FULL` */
  async add(row: SourceRow, reasons: string): Promise<void> {
    this.#begun ??= await this.#begin();
    const extra = row.cells.slice(this.#options.headings.length);
    const cells = this.#kept.map((at) => row.cells[at] ?? emptyCell);
    await this.#begun.table.row({ cells, reasons, rowNumber: row.rowNumber, extra });
  }

  /**
   * Puts the file in its place, or beside it under a free name where somebody made a file of that name meanwhile: refused rows
   * are not lost. @throws LmsError `DISK_FULL` @returns its path, or null when no row was refused
   */
  async finish(): Promise<string | null> {
    if (this.#begun === null) return null;
    const { file, table } = this.#begun;
    await table.end();
    await file.close();
    const { file: name, taken } = this.#options;
    // A folder that was made of the name is not replaced.
    const isNamed = await file.publish({ replace: taken === 'is-replaced' }).catch(() => false);
    return isNamed || (await this.#isThere(file, name)) ? name : this.#publishBeside(file);
  }

  async #publishBeside(file: NewFile): Promise<string> {
    const { file: name, runName } = this.#options;
    for (let copy = 2; copy <= mostCopies; copy += 1) {
      const beside = besideName(name, String(copy));
      if (await file.publish({ replace: false, as: beside })) return beside;
      if (await this.#isThere(file, beside)) return beside;
    }
    const own = besideName(name, runName);
    await file.publish({ replace: true, as: own });
    return own;
  }

  /** Whether an earlier try has left this very file; then it is not needed once more. */
  async #isThere(file: NewFile, name: string): Promise<boolean> {
    if (this.#options.taken !== 'is-kept' || !(await isSameContent(file.partial, name))) return false;
    await file.discard();
    return true;
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await this.#begun?.file.discard();
  }

  async #begin(): Promise<{ readonly file: NewFile; readonly table: RejectTable }> {
    const { form, headings, file: name, runName, tryName } = this.#options;
    const failure = (cause: unknown): unknown => diskFullError(cause, 'The reject file');
    const named = tryName === undefined ? runName : `${runName}.${tryName}`;
    const file = await NewFile.create({ file: name, name: named, failure });
    if (tryName !== undefined) await removeOfOtherTries(file.partial, runName);
    const kept = this.#kept.map((at) => headings[at] ?? '');
    try {
      return { file, table: await tableOf(form, file, kept) };
    } catch (error) {
      await file.discard();
      throw error;
    }
  }
}

/**
 * Known before the first row is taken.
 * @throws LmsError `USAGE_INVALID` when the reject file would replace the input, or cannot be written where it should be;
 * `REJECT_FILE_EXISTS` when a file has its name that refuses the run
 */
export async function requireRejectPlace({ file, taken, input }: RejectPlace): Promise<void> {
  if ((await samePath(file)) === (await samePath(input))) {
    throw new LmsError('USAGE_INVALID', {
      message: 'the reject file would overwrite the file being imported; name another',
    });
  }
  const refusal = await placeProblem(file);
  if (refusal !== null) {
    const message = `refused rows cannot be written to ${file}: ${refusal}; name another reject file`;
    throw new LmsError('USAGE_INVALID', { message, path: file });
  }
  if (taken === 'refuses' && (await stat(file).catch(() => null)) !== null) {
    throw new LmsError('REJECT_FILE_EXISTS', {
      message: `there is a file ${file} already, which may hold rows that somebody is correcting; name another reject file, or replace it`,
      path: file,
    });
  }
}

async function tableOf(form: SourceForm, sink: ByteSink, headings: readonly string[]): Promise<RejectTable> {
  switch (form.format) {
    case 'csv':
      return cellTable(csvWriter(sink, { delimiter: form.delimiter, bom: true }), 'csv', headings);
    case 'xlsx':
      return cellTable(xlsxWriter(sink, { sheet: 'Rejects' }), 'xlsx', headings);
    case 'ndjson':
      return lineTable(sink, headings);
  }
}

/** `rejects.csv` as `rejects-2.csv`. */
function besideName(file: string, mark: string): string {
  const extension = extname(file);
  return join(dirname(file), fittingName('', basename(file, extension), `-${mark}${extension}`));
}

/** A try that was killed leaves refused rows behind; one that only seems so finds its file gone, and fails. */
async function removeOfOtherTries(partial: string, runName: string): Promise<void> {
  const [folder, own] = [dirname(partial), basename(partial)];
  const start = own.slice(0, own.lastIndexOf(`${runName}.`) + runName.length + 1);
  for (const name of await readdir(folder).catch(() => [])) {
    const isLeft = name !== own && name.startsWith(start) && name.endsWith(extname(own));
    if (isLeft) await rm(join(folder, name), { force: true }).catch(() => undefined);
  }
}

/** False also where one of them cannot be read. */
async function isSameContent(one: string, other: string): Promise<boolean> {
  const sizes = await Promise.all(
    [one, other].map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => -1,
      ),
    ),
  );
  if (sizes[0] !== sizes[1] || sizes[0] === -1) return false;
  const digests = await Promise.all([one, other].map((file) => fileSha256(file).catch(() => file)));
  return digests[0] === digests[1];
}

async function samePath(file: string): Promise<string> {
  return realpath(file).catch(() => file);
}
