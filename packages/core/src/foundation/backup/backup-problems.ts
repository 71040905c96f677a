import { LmsError } from '../kernel/index.js';
import { fileFailureReason } from '../tables/index.js';

export function notWritten(file: string, cause: unknown): LmsError {
  return notWrittenBecause(file, fileFailureReason(cause), cause);
}

export function notWrittenBecause(file: string, reason: string, cause?: unknown): LmsError {
  return new LmsError('BACKUP_NOT_WRITTEN', {
    message: `the backup cannot be written to ${file}: ${reason}`,
    path: file,
    ...(cause === undefined ? {} : { cause }),
  });
}

export function existing(file: string): LmsError {
  return new LmsError('BACKUP_FILE_EXISTS', {
    message: `there is a file ${file} already; name another, or replace it`,
    path: file,
  });
}

export function refuseStopped(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted === true) throw new LmsError('COMMAND_ABORTED', { message: what, cause: signal.reason });
}
