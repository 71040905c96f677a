import { type RoleName, roleNames } from './user-store.js';

/** How far a permission reaches: every row, those of the actor's teams, those sent to its partner, its own. */
export type Scope = 'all' | 'team' | 'partner' | 'own';

/** What an actor can be allowed to do. */
export const permissions = [
  'leads.read',
  'leads.create',
  'leads.update',
  'leads.move',
  'leads.delete',
  'leads.restore',
  'leads.erase',
  'leads.assign',
  'leads.note',
  'leads.import',
  'leads.export',
  'tasks.read',
  'tasks.complete',
  'schema.read',
  'schema.publish',
  'stages.read',
  'stages.write',
  'users.read',
  'users.write',
  'reports.read',
  'audit.read',
  'imports.read',
  'mappings.write',
  'store.doctor',
  'store.rebuild',
  'store.backup',
  'outbound.call',
  'exchanges.read',
] as const;
export type Permission = (typeof permissions)[number];

type Grants = Readonly<Partial<Record<Permission, Scope>>>;

/** What each role may do, and how far. What is not named is not allowed. */
export const grants: Readonly<Record<RoleName, Grants>> = {
  admin: {
    'leads.read': 'all',
    'leads.create': 'all',
    'leads.update': 'all',
    'leads.move': 'all',
    'leads.delete': 'all',
    'leads.restore': 'all',
    'leads.erase': 'all',
    'leads.assign': 'all',
    'leads.note': 'all',
    'leads.import': 'all',
    'leads.export': 'all',
    'tasks.read': 'all',
    'tasks.complete': 'all',
    'schema.read': 'all',
    'schema.publish': 'all',
    'stages.read': 'all',
    'stages.write': 'all',
    'users.read': 'all',
    'users.write': 'all',
    'reports.read': 'all',
    'audit.read': 'all',
    'imports.read': 'all',
    'mappings.write': 'all',
    'store.doctor': 'all',
    'store.rebuild': 'all',
    'store.backup': 'all',
    'outbound.call': 'all',
    'exchanges.read': 'all',
  },
  manager: {
    'leads.read': 'team',
    'leads.create': 'team',
    'leads.update': 'team',
    'leads.move': 'team',
    'leads.delete': 'team',
    'leads.restore': 'team',
    'leads.assign': 'team',
    'leads.note': 'team',
    'leads.import': 'team',
    'leads.export': 'team',
    'tasks.read': 'team',
    'tasks.complete': 'team',
    'schema.read': 'all',
    'stages.read': 'all',
    'users.read': 'team',
    'reports.read': 'team',
    'imports.read': 'team',
    'mappings.write': 'all',
  },
  agent: {
    'leads.read': 'own',
    'leads.create': 'own',
    'leads.update': 'own',
    'leads.move': 'own',
    'leads.note': 'own',
    'tasks.read': 'own',
    'tasks.complete': 'own',
    'schema.read': 'all',
    'stages.read': 'all',
    'users.read': 'own',
    'reports.read': 'own',
  },
  partner: {
    'leads.read': 'partner',
    'leads.update': 'partner',
    'leads.note': 'partner',
    'tasks.read': 'partner',
    'schema.read': 'all',
    'stages.read': 'all',
    'reports.read': 'partner',
  },
  auditor: {
    'leads.read': 'all',
    'tasks.read': 'all',
    'schema.read': 'all',
    'stages.read': 'all',
    'users.read': 'all',
    'reports.read': 'all',
    'audit.read': 'all',
    'imports.read': 'all',
    'store.doctor': 'all',
    'exchanges.read': 'all',
  },
};

/** Roles that see personal data masked. */
export const maskedRoles: ReadonlySet<RoleName> = new Set(['auditor']);

/** The roles that have a permission, for messages. */
export function rolesWith(permission: Permission): readonly RoleName[] {
  return roleNames.filter((role) => grants[role][permission] !== undefined);
}
