import { LmsError } from './errors.js';
import { systemCode } from './system-code.js';

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the disk',
  EDQUOT: "the user's share of the disk is used up",
  EFBIG: 'a file may not become so large',
};

/** What there is no room in; null where the failure is another. */
export function diskFullReason(cause: unknown): string | null {
  return reasons[systemCode(cause) ?? ''] ?? null;
}

/** `DISK_FULL` where the failure is that there is no room; any other failure as it is. */
export function diskFullError(cause: unknown, what: string): unknown {
  const reason = diskFullReason(cause);
  if (reason === null) return cause;
  return new LmsError('DISK_FULL', { message: `${what} cannot be written: ${reason}`, cause });
}

/** @throws LmsError `DISK_FULL`, and whatever else the work throws */
export function diskFullOr<Result>(work: () => Result, what: string): Result {
  try {
    return work();
  } catch (cause) {
    throw diskFullError(cause, what);
  }
}
