import { CacheGroup, type Invalidations, noInvalidations } from '../cache/index.js';
import { type Actor, type Clock, LmsError, quoted } from '../kernel/index.js';
import { type Permission, rolesWith } from './permissions.js';
import { type Principal, partnerOf, principalOf, scopesOf } from './principal.js';
import { type RowHolders, type RowScope, rowScopeIncludes } from './row-scope.js';
import type { User, UserStore } from './user-store.js';

export interface AccessPorts {
  readonly users: UserStore;
  readonly clock: Clock;
  /** None when absent. */
  readonly invalidations?: Invalidations;
}

const remembered = { lifetimeMillis: 2000, capacity: 1000 };

/**
 * Says what an actor may do and which rows it sees. Users are remembered for two seconds, so a change made by another
 * process takes effect within that time, and at once where it is told of; changes made through the same process take effect at once.
 */
export class AccessService {
  readonly #users: UserStore;
  readonly #known: CacheGroup<User | null>;
  readonly #teams: CacheGroup<readonly string[]>;

  constructor({ users, clock, invalidations = noInvalidations }: AccessPorts) {
    this.#users = users;
    this.#known = new CacheGroup({ clock, invalidations }, { name: 'users', ...remembered });
    this.#teams = new CacheGroup({ clock, invalidations }, { name: 'teams', ...remembered });
  }

  /**
   * Every command begins here.
   * @throws LmsError `ACTOR_UNKNOWN` when the user is not in the directory or not active; `PERMISSION_DENIED`, which names the
   * permission and the roles that have it
   */
  async require(actor: Actor, permission: Permission): Promise<Principal> {
    const user = actor.kind === 'user' ? await this.#activeUser(actor.id) : null;
    const principal = principalOf(actor, user, permission);
    if (principal !== null) return principal;
    const roles = rolesWith(permission);
    const has = user === null ? 'a partner' : user.roles.join(', ');
    throw new LmsError('PERMISSION_DENIED', {
      message: `this needs the permission ${permission}, which ${roles.join(', ')} ${roles.length === 1 ? 'has' : 'have'}; the actor is ${has}`,
      details: { permission, roles },
    });
  }

  /**
   * The rows that the principal reaches with a permission (its own, unless another is named), for filters of lists. Team
   * scope: what users of its teams own, what nobody owns, what it owns or collaborates on.
   */
  async rowScope(principal: Principal, permission: Permission = principal.permission): Promise<RowScope> {
    const scopes = scopesOf(principal, permission);
    if (scopes.includes('all')) return { everything: true };
    const user = principal.user;
    const worksLeads = user !== null && (scopes.includes('team') || scopes.includes('own'));
    const team = user !== null && scopes.includes('team') ? await this.#usersInTeams(user.teams) : [];
    return {
      everything: false,
      ownerIds: [...new Set([...(worksLeads ? [user.id] : []), ...team])],
      unowned: scopes.includes('team'),
      collaboratorId: worksLeads ? user.id : null,
      partner: scopes.includes('partner') ? partnerOf(principal) : null,
    };
  }

  /** Whether the principal reaches one row: the answer that a list filtered by {@link rowScope} gives. */
  async canSee(principal: Principal, row: RowHolders, permission: Permission = principal.permission): Promise<boolean> {
    return rowScopeIncludes(await this.rowScope(principal, permission), row);
  }

  /** Forgets what was read of the directory; called after each change of a user. */
  forgetUsers(): void {
    this.#known.forget();
    this.#teams.forget();
  }

  async #activeUser(id: string): Promise<User> {
    const user = await this.#known.get(id, () => this.#users.get(null, id));
    if (user?.active === true) return user;
    const reason = user === null ? 'is not in the directory' : 'is not active';
    throw new LmsError('ACTOR_UNKNOWN', { message: `the user ${quoted(id)} ${reason}` });
  }

  async #usersInTeams(teams: readonly string[]): Promise<readonly string[]> {
    if (teams.length === 0) return [];
    return this.#teams.get(JSON.stringify(teams), () => this.#users.idsInTeams(teams));
  }
}
