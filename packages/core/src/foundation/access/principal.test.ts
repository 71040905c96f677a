import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Actor, systemActor } from '../kernel/index.js';
import { grants, type Permission, permissions, rolesWith } from './permissions.js';
import { principalOf } from './principal.js';
import { type RoleName, roleNames, type User } from './user-store.js';

function userWith(...roles: RoleName[]): User {
  const at = '2026-01-31T09:30:00.000Z';
  const user = { id: 'asha', name: 'Asha Rao', email: null, teams: ['west'], active: true, version: 1 };
  return { ...user, roles, partner: roles.includes('partner') ? 'acme' : null, createdAt: at, updatedAt: at };
}

const asha: Actor = { kind: 'user', id: 'asha' };
const scopeOf = (permission: Permission, ...roles: RoleName[]): string | undefined =>
  principalOf(asha, userWith(...roles), permission)?.scope;

describe('the table of permissions', () => {
  test('lets admins do everything, everywhere, but for the inbox, which is its user’s', () => {
    for (const permission of permissions) {
      expect(scopeOf(permission, 'admin')).toBe(permission === 'inbox.use' ? 'own' : 'all');
    }
  });

  test.each<[Permission, Partial<Record<RoleName, string>>]>([
    ['leads.read', { admin: 'all', manager: 'team', agent: 'own', partner: 'partner', auditor: 'all' }],
    ['leads.create', { admin: 'all', manager: 'team', agent: 'own' }],
    ['leads.move', { admin: 'all', manager: 'team', agent: 'own' }],
    ['leads.update', { admin: 'all', manager: 'team', agent: 'own', partner: 'partner' }],
    ['leads.assign', { admin: 'all', manager: 'team' }],
    ['leads.delete', { admin: 'all', manager: 'team' }],
    ['leads.export', { admin: 'all', manager: 'team' }],
    ['schema.read', { admin: 'all', manager: 'all', agent: 'all', partner: 'all', auditor: 'all' }],
    ['schema.publish', { admin: 'all' }],
    ['stages.write', { admin: 'all' }],
    ['users.write', { admin: 'all' }],
    ['audit.read', { admin: 'all', auditor: 'all' }],
    ['mappings.write', { admin: 'all', manager: 'all' }],
    ['store.doctor', { admin: 'all', auditor: 'all' }],
  ])('%s', (permission, expected) => {
    const found = Object.fromEntries(
      roleNames.flatMap((role) => {
        const scope = scopeOf(permission, role);
        return scope === undefined ? [] : [[role, scope]];
      }),
    );
    expect(found).toEqual(expected);
    expect(rolesWith(permission)).toEqual(Object.keys(expected));
  });

  test('gives auditors nothing but reading, exporting the trail, and their inbox', () => {
    const others = Object.keys(grants.auditor).filter(
      (permission) => !/\.read$|^store\.doctor$|^audit\.export$|^inbox\.use$/.test(permission),
    );
    expect(others).toEqual([]);
  });
});

describe('a principal', () => {
  test('with several roles has the widest scope any of them gives', () => {
    const order = ['all', 'team', 'partner', 'own', undefined];
    const someRoles = fc.uniqueArray(fc.constantFrom(...roleNames), { minLength: 1 });
    fc.assert(
      fc.property(someRoles, fc.constantFrom(...permissions), (roles, permission) => {
        const places = roles.map((role) => order.indexOf(grants[role][permission]));
        expect(order.indexOf(scopeOf(permission, ...roles))).toBe(Math.min(...places));
      }),
    );
  });

  test('reads masked where nothing but the auditor role reaches that far', () => {
    const masked = (permission: Permission, ...roles: RoleName[]): boolean | undefined =>
      principalOf(asha, userWith(...roles), permission)?.masked;
    expect(masked('leads.read', 'auditor')).toBe(true);
    expect(masked('leads.read', 'auditor', 'agent')).toBe(true);
    expect(masked('leads.read', 'auditor', 'manager')).toBe(true);
    expect(masked('leads.read', 'auditor', 'admin')).toBe(false);
    expect(masked('leads.update', 'auditor', 'agent')).toBe(false);
    expect(masked('audit.read', 'auditor', 'agent')).toBe(true);
    expect(masked('leads.read', 'manager')).toBe(false);
  });

  test('of a system actor may do everything and is no user', () => {
    for (const permission of permissions) {
      expect(principalOf(systemActor('relay'), null, permission)).toMatchObject({
        ref: 'system:relay',
        user: null,
        roles: [],
        scope: 'all',
        masked: false,
      });
    }
  });

  test('of a partner actor has the role partner alone', () => {
    const acme: Actor = { kind: 'partner', id: 'acme' };
    expect(principalOf(acme, null, 'leads.read')).toMatchObject({
      ref: 'partner:acme',
      roles: ['partner'],
      scope: 'partner',
    });
    expect(principalOf(acme, null, 'users.read')).toBeNull();
  });
});
