import { deepStrictEqual, ok } from 'node:assert/strict';
import type { ConstraintKind } from '../storage/raw-store.js';
import type { ConformanceCase } from './conformance-case.js';

const promises: Readonly<Record<ConstraintKind, { readonly id: string; readonly title: string }>> = {
  null: { id: 'constraints/null-refused', title: 'a value that must be there cannot be left out, written raw' },
  value: { id: 'constraints/value-refused', title: 'a value that is none of those allowed cannot be written raw' },
  range: {
    id: 'constraints/range-refused',
    title: 'a version, count or sequence below its least cannot be written raw',
  },
  duplicate: { id: 'constraints/duplicate-refused', title: 'no key of the schema can be written twice, raw' },
  orphan: { id: 'constraints/orphan-refused', title: 'a row that belongs to another cannot be written raw without it' },
};

/** That the engine itself refuses what would break the store, whoever writes it. */
export const constraintCases: readonly ConformanceCase[] = Object.entries(promises).map(([kind, { id, title }]) => ({
  id,
  level: 'MUST',
  title,
  async run({ raw }) {
    const violations = raw.violations.filter((violation) => violation.kind === kind);
    ok(violations.length > 0, `nothing to try: the schema guards nothing of the kind "${kind}"`);
    const taken: string[] = [];
    for (const violation of violations) if (!(await violation.isRefused())) taken.push(violation.name);
    deepStrictEqual(taken, [], 'written although the schema forbids it');
  },
}));
