import { stat } from 'node:fs/promises';
import { LmsError } from '../../../foundation/kernel/index.js';
import { fileFailureReason, NewFile, placeProblem } from '../../../foundation/tables/index.js';
import type { ExportTarget } from './export-target.js';

export interface FileTargetOptions {
  readonly file: string;
  /** Tells the file being written from those of other exports. */
  readonly name: string;
  /** Whether a file of this name may be replaced. */
  readonly replace: boolean;
}

/**
 * A file for its owner only (mode 600), which has its name when it is complete and not before.
 * @throws LmsError `EXPORT_FILE_EXISTS`, `EXPORT_NOT_WRITTEN` where no file can be made
 */
export async function openFileTarget({ file, name, replace }: FileTargetOptions): Promise<ExportTarget> {
  const problem = await placeProblem(file);
  if (problem !== null) throw notWritten(file, problem);
  if (!replace && (await stat(file).catch(() => null)) !== null) throw existing(file);
  const failure = (cause: unknown): LmsError => notWritten(file, fileFailureReason(cause), cause);
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

function notWritten(file: string, reason: string, cause?: unknown): LmsError {
  return new LmsError('EXPORT_NOT_WRITTEN', {
    message: `the export cannot be written to ${file}: ${reason}`,
    path: file,
    ...(cause === undefined ? {} : { cause }),
  });
}
