import type { UserStore } from '../../foundation/access/index.js';
import { LmsError, quoted } from '../../foundation/kernel/index.js';

/** @throws LmsError `USER_NOT_FOUND`, `USER_INACTIVE` naming the first collaborator who is not in the directory, or has left */
export async function requireCollaborators(
  users: Pick<UserStore, 'get'>,
  ids: readonly string[] | undefined,
): Promise<void> {
  for (const id of new Set(ids)) {
    const user = await users.get(null, id);
    if (user?.active === true) continue;
    if (user !== null) {
      throw new LmsError('USER_INACTIVE', {
        message: `the collaborator ${quoted(id)} is not active; leave it out or activate it`,
        path: 'collaboratorIds',
      });
    }
    throw new LmsError('USER_NOT_FOUND', {
      message: `the collaborator ${quoted(id)} is not in the directory of users`,
      path: 'collaboratorIds',
    });
  }
}
