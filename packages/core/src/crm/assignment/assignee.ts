import { type Principal, sharesTeam, type User } from '../../foundation/access/index.js';
import { LmsError, quoted } from '../../foundation/kernel/index.js';

/**
 * Checks that a principal may give a lead to a user.
 * @throws LmsError `USER_NOT_FOUND`, `USER_INACTIVE`, `INPUT_INVALID` when the user works no leads, `PERMISSION_DENIED` when the
 * user is in none of the teams of a manager
 */
export function checkAssignee(principal: Principal, id: string, user: User | null): User {
  if (user === null) throw new LmsError('USER_NOT_FOUND', { message: `there is no user ${quoted(id)}`, path: 'to' });
  if (!user.active) {
    throw new LmsError('USER_INACTIVE', {
      message: `the user ${id} is not active; activate or choose another`,
      path: 'to',
    });
  }
  if (!worksLeads(user)) {
    throw new LmsError('INPUT_INVALID', {
      message: `${id} cannot have leads: its roles are ${user.roles.join(', ')}; expected agent or manager`,
      path: 'to',
    });
  }
  if (!withinReach(principal, user)) {
    throw new LmsError('PERMISSION_DENIED', {
      message: `${id} is in none of your teams; ask a manager of ${user.teams.join(' or ') || 'everybody'}, or an admin`,
      path: 'to',
      details: { permission: 'leads.assign', teams: user.teams },
    });
  }
  return user;
}

/** Whether a user can have leads. */
export function worksLeads({ roles }: Pick<User, 'roles'>): boolean {
  return roles.includes('agent') || roles.includes('manager');
}

/** The team a lead counts for: the first that the new owner shares with who assigns it, else the owner's first. */
export function teamOf(principal: Principal, owner: User): string | null {
  const shared = owner.teams.find((team) => principal.user?.teams.includes(team) === true);
  return shared ?? owner.teams[0] ?? null;
}

function withinReach(principal: Principal, user: User): boolean {
  if (principal.scope === 'all') return true;
  const manager = principal.user;
  return manager !== null && (manager.id === user.id || sharesTeam(manager, user));
}
