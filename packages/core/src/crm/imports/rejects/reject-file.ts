import { realpath, stat } from 'node:fs/promises';
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
import { isOfRejectFile } from '../heading.js';
import { emptyCell } from '../rows/cells.js';
import type { SourceForm, SourceRow } from '../rows/index.js';
import { cellTable } from './cell-table.js';
import { lineTable } from './line-table.js';
import type { RejectTable } from './reject-table.js';

export interface RejectFileOptions {
  readonly file: string;
  /** Whether a file of this name may be replaced. */
  readonly replace: boolean;
  /** The file being imported, which must not be overwritten. */
  readonly input: string;
  readonly form: SourceForm;
  readonly headings: readonly string[];
  /** Tells the file being written from those of other runs. */
  readonly runName: string;
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

  /**
   * @throws LmsError `USAGE_INVALID` when the reject file would replace the input, or cannot be written where it should be;
   * `REJECT_FILE_EXISTS` when it would replace another file and may not
   */
  static async prepare(options: RejectFileOptions): Promise<RejectFile> {
    if ((await samePath(options.file)) === (await samePath(options.input))) {
      throw new LmsError('USAGE_INVALID', {
        message: 'the reject file would overwrite the file being imported; name another',
      });
    }
    const refusal = await placeProblem(options.file);
    if (refusal !== null) {
      const message = `refused rows cannot be written to ${options.file}: ${refusal}; name another reject file`;
      throw new LmsError('USAGE_INVALID', { message, path: options.file });
    }
    if (!options.replace && (await stat(options.file).catch(() => null)) !== null) {
      throw new LmsError('REJECT_FILE_EXISTS', {
        message: `there is a file ${options.file} already, which may hold rows that somebody is correcting; name another reject file, or replace it`,
        path: options.file,
      });
    }
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
    const { file: name, replace } = this.#options;
    // A folder that was made of the name is not replaced.
    const isNamed = await file.publish({ replace }).catch(() => false);
    return isNamed ? name : this.#publishBeside(file);
  }

  async #publishBeside(file: NewFile): Promise<string> {
    const { file: name, runName } = this.#options;
    for (let copy = 2; copy <= mostCopies; copy += 1) {
      const beside = besideName(name, String(copy));
      if (await file.publish({ replace: false, as: beside })) return beside;
    }
    const own = besideName(name, runName);
    await file.publish({ replace: true, as: own });
    return own;
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await this.#begun?.file.discard();
  }

  async #begin(): Promise<{ readonly file: NewFile; readonly table: RejectTable }> {
    const { form, headings, file: name, runName } = this.#options;
    const failure = (cause: unknown): unknown => diskFullError(cause, 'The reject file');
    const file = await NewFile.create({ file: name, name: runName, failure });
    const kept = this.#kept.map((at) => headings[at] ?? '');
    try {
      return { file, table: await tableOf(form, file, kept) };
    } catch (error) {
      await file.discard();
      throw error;
    }
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

async function samePath(file: string): Promise<string> {
  return realpath(file).catch(() => file);
}
