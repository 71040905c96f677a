import type { UserStore } from '../../foundation/access/index.js';
import { LmsError, quoted } from '../../foundation/kernel/index.js';

/** @throws LmsError `USER_NOT_FOUND` naming the first collaborator who is not in the directory */
export async function requireCollaborators(
  users: Pick<UserStore, 'get'>,
  ids: readonly string[] | undefined,
): Promise<void> {
  for (const id of new Set(ids)) {
    if ((await users.get(null, id)) !== null) continue;
    throw new LmsError('USER_NOT_FOUND', {
      message: `the collaborator ${quoted(id)} is not in the directory of users`,
      path: 'collaboratorIds',
    });
  }
}
