import { expect, test } from 'vitest';
import { type RowHolders, type RowScope, rowScopeIncludes } from './row-scope.js';

const nothing: RowScope = { everything: false, ownerIds: [], unowned: false, collaboratorId: null, partner: null };
const unowned: RowHolders = { ownerId: null, collaboratorIds: [], partner: null };
const rows: Record<string, RowHolders> = {
  unowned,
  ofAsha: { ...unowned, ownerId: 'asha' },
  ofRavi: { ...unowned, ownerId: 'ravi' },
  ofRaviWithAsha: { ownerId: 'ravi', collaboratorIds: ['meera', 'asha'], partner: null },
  sentToAcme: { ...unowned, ownerId: 'ravi', partner: 'acme' },
};

test.each<[string, RowScope, readonly string[]]>([
  ['everything', { everything: true }, Object.keys(rows)],
  ['nothing', nothing, []],
  ['owners', { ...nothing, ownerIds: ['asha', 'meera'] }, ['ofAsha']],
  ['unowned leads', { ...nothing, unowned: true }, ['unowned']],
  ['a collaborator', { ...nothing, collaboratorId: 'asha' }, ['ofRaviWithAsha']],
  ['a partner', { ...nothing, partner: 'acme' }, ['sentToAcme']],
  [
    'several, joined by or',
    { ...nothing, ownerIds: ['asha'], unowned: true, partner: 'acme' },
    ['unowned', 'ofAsha', 'sentToAcme'],
  ],
])('a scope of %s', (_name, scope, seen) => {
  expect(Object.keys(rows).filter((name) => rowScopeIncludes(scope, rows[name] ?? unowned))).toEqual(seen);
});
