import { stat } from 'node:fs/promises';
import { LmsError } from '../kernel/index.js';
import { fileFailureReason, placeProblem } from './file-problems.js';
import { NewFile } from './new-file.js';
import type { ByteSink } from './table-writer.js';

export interface ExportFileOptions {
  readonly file: string;
  /** Tells the file being written from those of other exports. */
  readonly name: string;
  /** Whether a file of this name may be replaced. */
  readonly replace: boolean;
  /** What is written, for messages: `the export`. */
  readonly what: string;
}

/** A file that an export goes into. After `close` comes `publish`, or `discard` at any time. */
export interface ExportFile extends ByteSink {
  close(): Promise<void>;
  /** Gives it its name. @throws LmsError `EXPORT_FILE_EXISTS` when another got it meanwhile */
  publish(): Promise<void>;
  /** Never throws. */
  discard(): Promise<void>;
}

/**
 * A file for its owner only (mode 600), which has its name when it is complete and not before.
 * @throws LmsError `EXPORT_FILE_EXISTS`, `EXPORT_NOT_WRITTEN` where no file can be made
 */
export async function openExportFile({ file, name, replace, what }: ExportFileOptions): Promise<ExportFile> {
  const notWritten = (reason: string, cause?: unknown): LmsError =>
    new LmsError('EXPORT_NOT_WRITTEN', {
      message: `${what} cannot be written to ${file}: ${reason}`,
      path: file,
      ...(cause === undefined ? {} : { cause }),
    });
  const problem = await placeProblem(file);
  if (problem !== null) throw notWritten(problem);
  if (!replace && (await stat(file).catch(() => null)) !== null) throw existing(file);
  const failure = (cause: unknown): LmsError => notWritten(fileFailureReason(cause), cause);
  const written = await NewFile.create({ file, name, failure });
  return {
    write: (bytes) => written.write(bytes),
    close: () => written.close(),
    async publish() {
      if (!(await written.publish({ replace }))) throw existing(file);
    },
    discard: () => written.discard(),
  };
}

function existing(file: string): LmsError {
  return new LmsError('EXPORT_FILE_EXISTS', {
    message: `there is a file ${file} already; name another, or replace it`,
    path: file,
  });
}
