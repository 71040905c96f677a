import { maskEmail, maskName } from '../privacy/index.js';
import type { Principal } from './principal.js';
import { scopesOf } from './principal.js';
import type { User } from './user-store.js';

/** Whether a principal with `users.read` sees a user: everybody, those who share a team with it, or itself. */
export function seesUser(principal: Principal, user: User): boolean {
  const scopes = scopesOf(principal, principal.permission);
  if (scopes.includes('all')) return true;
  const reader = principal.user;
  if (reader === null) return false;
  return user.id === reader.id || (scopes.includes('team') && sharesTeam(reader, user));
}

export function sharesTeam(one: Pick<User, 'teams'>, other: Pick<User, 'teams'>): boolean {
  return one.teams.some((team) => other.teams.includes(team));
}

/** The user as the principal sees it. */
export function shownUser(principal: Principal, user: User): User {
  if (!principal.masked) return user;
  return { ...user, name: maskName(user.name), email: user.email === null ? null : maskEmail(user.email) };
}
