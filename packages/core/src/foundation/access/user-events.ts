import type { Actor, Json } from '../kernel/index.js';
import type { EventDraft } from '../persistence/index.js';
import { maskEmail, maskName } from '../privacy/index.js';
import type { User } from './user-store.js';

/** The event of a user that was added. Name and email are masked; the directory itself has them. */
export function userCreated(user: User, actor: Actor, command: string): EventDraft {
  return userEvent('user.created', user, { actor, command, data: { ...shown(user) } });
}

/** The event of a user that was changed, with the old and new value of what differs. */
export function userUpdated(before: User, after: User, done: { actor: Actor; command: string }): EventDraft {
  const old = shown(before);
  const changes = changedParts(before, after).map((part): [string, Json] => [
    part,
    { from: old[part], to: shown(after)[part] },
  ]);
  return userEvent('user.updated', after, { ...done, data: Object.fromEntries(changes) });
}

/** True when nothing that a person sees differs. */
export function sameUser(before: User, after: User): boolean {
  return changedParts(before, after).length === 0;
}

type Part = 'name' | 'email' | 'roles' | 'teams' | 'partner' | 'active';
const parts: readonly Part[] = ['name', 'email', 'roles', 'teams', 'partner', 'active'];

function changedParts(before: User, after: User): readonly Part[] {
  return parts.filter((part) => JSON.stringify(before[part]) !== JSON.stringify(after[part]));
}

function shown(user: User): Record<Part, Json> {
  return {
    name: maskName(user.name),
    email: user.email === null ? null : maskEmail(user.email),
    roles: user.roles,
    teams: user.teams,
    partner: user.partner,
    active: user.active,
  };
}

function userEvent(type: string, user: User, event: { actor: Actor; command: string; data: Json }): EventDraft {
  return {
    type,
    typeVersion: 1,
    aggregate: { kind: 'user', id: user.id, version: user.version },
    ...event,
    sealed: null,
  };
}
