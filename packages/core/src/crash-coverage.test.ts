import { describe, expect, it } from 'vitest';
import { coveredServices, coveredStore } from '../test-support/crash-matrix/covered-methods.js';
import { crashOperations } from '../test-support/crash-matrix/operations.js';
import { inTurn } from '../test-support/test-seed.js';

function namesIn(covered: object): readonly string[] {
  return Object.values(covered).flatMap((entry: unknown) => {
    if (Array.isArray(entry)) return entry.map(String);
    return typeof entry === 'object' && entry !== null ? namesIn(entry) : [];
  });
}

describe('the operations of the crash matrix', () => {
  it('are those that cut the methods of the public API which write', () => {
    const cut = [...namesIn(coveredServices), ...namesIn(coveredStore)];
    expect([...new Set(cut)].toSorted()).toEqual(crashOperations.map(({ name }) => name).toSorted());
  });

  it('each have their turn in a sample, once in a round of seeds', () => {
    const rounds = Array.from({ length: Math.ceil(crashOperations.length / 6) }, (_, at) => String(80 + at));
    const taken = rounds.map((seed) => inTurn(crashOperations, 6, seed).map(({ name }) => name));
    expect(taken.flat().toSorted()).toEqual(crashOperations.map(({ name }) => name).toSorted());
    expect(Math.max(...taken.map((names) => names.length))).toBe(6);
  });
});
