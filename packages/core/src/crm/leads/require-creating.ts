import type { AccessService, Principal } from '../../foundation/access/index.js';
import type { Actor } from '../../foundation/kernel/index.js';
import type { CreateItem } from './create-outcome.js';

/** Whether anything is to be recorded of what the person says. */
interface MaySay {
  readonly consents?: readonly unknown[];
  readonly contactBlocks?: readonly unknown[];
}

/**
 * Whoever makes leads may; where consents or blocks come with them, whoever may record these too.
 * @throws LmsError `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
 */
export async function requireCreating(
  access: AccessService,
  actor: Actor,
  items: readonly CreateItem[],
): Promise<Principal> {
  const principal = await access.require(actor, 'leads.create');
  if (items.some(({ lead }) => saysAnything(lead))) await access.require(actor, 'consent.manage');
  return principal;
}

/** Of callers in JavaScript what they give may be anything: it is checked later. */
function saysAnything(lead: MaySay | null | undefined): boolean {
  return lead?.consents !== undefined || lead?.contactBlocks !== undefined;
}
