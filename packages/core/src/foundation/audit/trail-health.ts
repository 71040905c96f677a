import { durationText, type Finding, LmsError } from '../kernel/index.js';
import { mostUnsealedCounted, type TrailHealth, type TrailSealer } from './trail-sealer.js';

/** {@link TrailHealth} for people: one line of a health check. */
export function trailFinding({ ok, problem, head, unsealed, unsealedForMillis }: TrailHealth): Finding {
  const name = 'trail';
  if (!ok) {
    return { name, ok, message: `${problem}; nothing is sealed until that is mended; lms audit verify says more` };
  }
  const sealed = head === null ? 'nothing is sealed yet' : `sealed up to position ${head.position}`;
  if (unsealed === 0) return { name, ok, message: sealed };
  const rows = unsealed === 1 ? '1 row waits' : `${unsealedText(unsealed)} rows wait`;
  return {
    name,
    ok,
    message: `${sealed}; ${rows}, the first for ${durationText(unsealedForMillis)}: lms tick seals them`,
  };
}

/** How many rows wait, for people: no more than {@link mostUnsealedCounted} are counted. */
export function unsealedText(unsealed: number): string {
  return unsealed < mostUnsealedCounted ? String(unsealed) : `at least ${mostUnsealedCounted}`;
}

/**
 * What housekeeping seals in one round. A trail that does not end where its head says is nothing that it could mend, and is no reason to
 * leave its other work: health and verifying tell of it.
 */
export async function sealWhatWaits(sealer: TrailSealer): Promise<number> {
  try {
    return (await sealer.sealRound()).sealed;
  } catch (error) {
    if (LmsError.isInstance(error) && error.code === 'AUDIT_HEAD_INVALID') return 0;
    throw error;
  }
}
