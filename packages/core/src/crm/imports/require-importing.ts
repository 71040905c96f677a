import type { AccessService, Principal } from '../../foundation/access/index.js';
import type { Actor } from '../../foundation/kernel/index.js';
import { asksForConsents } from './consents/planned-consents.js';
import type { ImportRequest } from './import-request.js';

/**
 * Whoever imports may; where consents or blocks are recorded with it, whoever may record these too.
 * @throws LmsError `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
 */
export async function requireImporting(
  access: AccessService,
  actor: Actor,
  request: ImportRequest,
): Promise<Principal> {
  const principal = await access.require(actor, 'leads.import');
  if (asksForConsents(request)) await access.require(actor, 'consent.manage');
  return principal;
}
