import type { AccessService, Principal } from '../../foundation/access/index.js';
import { type ActorRef, actorRef } from '../../foundation/kernel/index.js';

/**
 * Whose runs a principal sees: of `team` scope its own and those of users who share a team with it. null: everybody's.
 */
export async function actorsSeen(
  access: Pick<AccessService, 'rowScope'>,
  principal: Principal,
): Promise<readonly ActorRef[] | null> {
  const scope = await access.rowScope(principal, 'imports.read');
  return scope.everything ? null : scope.ownerIds.map((id) => actorRef({ kind: 'user', id }));
}
