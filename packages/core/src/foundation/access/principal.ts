import { type Actor, type ActorRef, actorRef } from '../kernel/index.js';
import { grants, maskedRoles, type Permission, type Scope } from './permissions.js';
import type { RoleName, User } from './user-store.js';

/** An actor that was found to have one permission: who it is, and how far the permission reaches. */
export interface Principal {
  readonly actor: Actor;
  readonly ref: ActorRef;
  /** null for partner and system actors. */
  readonly user: User | null;
  /** Empty for system actors, which may do everything. */
  readonly roles: readonly RoleName[];
  readonly permission: Permission;
  /** The widest reach that any of the roles gives; the rows of the other roles are seen as well. */
  readonly scope: Scope;
  /**
   * True when personal data is masked for this actor: where only masked roles reach as far as {@link scope}. An agent who is
   * also an auditor sees everything, and all of it masked.
   */
  readonly masked: boolean;
}

/** Widest first. */
const scopes: readonly Scope[] = ['all', 'team', 'partner', 'own'];

/** How far each role of the principal reaches with a permission. */
export function scopesOf(principal: Pick<Principal, 'actor' | 'roles'>, permission: Permission): readonly Scope[] {
  if (principal.actor.kind === 'system') return ['all'];
  const given = principal.roles.map((role) => grants[role][permission]);
  return scopes.filter((scope) => given.includes(scope));
}

/** The principal of an actor for one permission; null when no role gives it. */
export function principalOf(actor: Actor, user: User | null, permission: Permission): Principal | null {
  const roles = rolesOf(actor, user);
  const [scope] = scopesOf({ actor, roles }, permission);
  if (scope === undefined) return null;
  const granting = roles.filter((role) => grants[role][permission] !== undefined);
  const widest = granting.filter((role) => grants[role][permission] === scope);
  const masked = widest.length > 0 && widest.every((role) => maskedRoles.has(role));
  return { actor, ref: actorRef(actor), user, roles, permission, scope, masked };
}

function rolesOf(actor: Actor, user: User | null): readonly RoleName[] {
  if (actor.kind === 'system') return [];
  return actor.kind === 'partner' ? ['partner'] : (user?.roles ?? []);
}

/** The partner whose leads the principal sees. */
export function partnerOf(principal: Principal): string | null {
  return principal.actor.kind === 'partner' ? principal.actor.id : (principal.user?.partner ?? null);
}
