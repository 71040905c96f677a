import { access, constants, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LmsError } from '../../../foundation/kernel/index.js';
import { isOfRejectFile } from '../heading.js';
import { emptyCell } from '../rows/cells.js';
import type { SourceForm, SourceRow } from '../rows/index.js';
import { openCsvTable } from './csv-table.js';
import { openNdjsonTable } from './ndjson-table.js';
import type { TableWriter } from './table-writer.js';
import { openXlsxTable } from './xlsx-table.js';

export interface RejectFileOptions {
  readonly file: string;
  /** The file being imported, which must not be overwritten. */
  readonly input: string;
  readonly form: SourceForm;
  readonly headings: readonly string[];
  /** Tells the file being written from those of other runs. */
  readonly runName: string;
}

/**
 * Rows that were refused, in the form of the file they came from: its columns, then the reasons and the row number. It can
 * be mended and imported as it is, since an import leaves those two columns out. Readable by its owner only; it appears
 * under its name when it is complete, and not at all when no row was refused.
 */
export class RejectFile {
  readonly #options: RejectFileOptions;
  readonly #kept: readonly number[];
  readonly #partial: string;
  #writer: TableWriter | null = null;

  private constructor(options: RejectFileOptions) {
    this.#options = options;
    const places = [...options.headings.keys()];
    this.#kept = places.filter((at) => !isOfRejectFile(options.headings[at] ?? ''));
    this.#partial = join(dirname(options.file), `.${basename(options.file)}.${options.runName}.partial`);
  }

  /** @throws LmsError `USAGE_INVALID` when the reject file would replace the input, or cannot be written where it should be */
  static async prepare(options: RejectFileOptions): Promise<RejectFile> {
    if ((await samePath(options.file)) === (await samePath(options.input))) {
      throw new LmsError('USAGE_INVALID', {
        message: 'the reject file would overwrite the file being imported; name another',
      });
    }
    const refusal = await refusalOf(options.file);
    if (refusal !== null) {
      const message = `refused rows cannot be written to ${options.file}: ${refusal}; name another reject file`;
      throw new LmsError('USAGE_INVALID', { message, path: options.file });
    }
    return new RejectFile(options);
  }

  /** @throws LmsError `DISK_FULL` */
  async add(row: SourceRow, reasons: string): Promise<void> {
    this.#writer ??= await this.#open();
    const extra = row.cells.slice(this.#options.headings.length);
    const cells = this.#kept.map((at) => row.cells[at] ?? emptyCell);
    await this.#writer.row({ cells, reasons, rowNumber: row.rowNumber, extra });
  }

  /** Puts the file in its place. @throws LmsError `DISK_FULL` @returns its path, or null when no row was refused */
  async finish(): Promise<string | null> {
    if (this.#writer === null) return null;
    await this.#writer.close();
    await rename(this.#partial, this.#options.file);
    return this.#options.file;
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await this.#writer?.abandon();
    await rm(this.#partial, { force: true });
  }

  #open(): Promise<TableWriter> {
    const { form, headings } = this.#options;
    const kept = this.#kept.map((at) => headings[at] ?? '');
    switch (form.format) {
      case 'csv':
        return openCsvTable(this.#partial, form.delimiter, kept);
      case 'ndjson':
        return openNdjsonTable(this.#partial, kept);
      case 'xlsx':
        return openXlsxTable(this.#partial, kept);
    }
  }
}

/** Why there cannot be such a file; known before the first row, so that no row is taken whose refusal would be lost. */
async function refusalOf(file: string): Promise<string | null> {
  const there = await stat(file).catch(() => null);
  if (there !== null && !there.isFile()) return 'this is not a file';
  const folder = dirname(file);
  const around = await stat(folder).catch(() => null);
  if (around?.isDirectory() !== true) return 'there is no such folder';
  return access(folder, constants.W_OK).then(
    () => null,
    () => 'no permission to write into the folder',
  );
}

async function samePath(file: string): Promise<string> {
  return realpath(file).catch(() => file);
}
