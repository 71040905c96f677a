import { durationText, LmsError } from '../kernel/index.js';
import type { TrailHealth, TrailSealer } from './trail-sealer.js';

/** {@link TrailHealth} for people: one line of a health check. */
export function trailFinding({ ok, head, unsealed, unsealedForMillis }: TrailHealth): {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
} {
  const name = 'trail';
  if (!ok) {
    const message = `its head (position ${head?.position}) is not signed by this store: somebody else has written it, and nothing is sealed after it; lms audit verify says more`;
    return { name, ok, message };
  }
  const sealed = head === null ? 'nothing is sealed yet' : `sealed up to position ${head.position}`;
  if (unsealed === 0) return { name, ok, message: sealed };
  const rows = unsealed === 1 ? '1 row waits' : `${unsealed} rows wait`;
  return {
    name,
    ok,
    message: `${sealed}; ${rows}, the first for ${durationText(unsealedForMillis)}: lms tick seals them`,
  };
}

/**
 * What housekeeping seals in one round. A head that somebody else has written is nothing that it could mend, and is no reason to leave its
 * other work: health and verifying tell of it.
 */
export async function sealWhatWaits(sealer: TrailSealer): Promise<number> {
  try {
    return (await sealer.sealRound()).sealed;
  } catch (error) {
    if (LmsError.isInstance(error) && error.code === 'AUDIT_HEAD_INVALID') return 0;
    throw error;
  }
}
