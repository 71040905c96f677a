import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allPlaces, makePlace, type StorePlace } from '../../test-support/shapes.js';
import { type ConformanceOutcome, conformanceCases, runConformance } from './index.js';

/** A change of this number is a change of what is promised: docs/storage.md counts it too. */
const casesInAll = 89;

it('has the cases that were counted', () => {
  expect(conformanceCases).toHaveLength(casesInAll);
});

it('gives every case an id of its own', () => {
  const ids = conformanceCases.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[a-z-]+\/[a-z-]+$/.test(id))).toEqual([]);
});

describe.each(allPlaces)('storage conformance of %s', (name) => {
  const outcomes = new Map<string, ConformanceOutcome>();
  let place: StorePlace;

  beforeAll(async () => {
    place = await makePlace(name);
    const target = { handle: () => place.handle(), raw: () => place.rawStore() };
    await runConformance(target, { onCase: (outcome) => outcomes.set(outcome.id, outcome) });
  }, 240_000);

  afterAll(() => place.remove());

  it(`executes all ${casesInAll} cases, each once`, () => {
    expect([...outcomes.keys()]).toEqual(conformanceCases.map(({ id }) => id));
    expect(outcomes.size).toBe(casesInAll);
  });

  it.each(conformanceCases.map(({ id, title }) => ({ id, title })))('$id: $title', ({ id }) => {
    const outcome = outcomes.get(id);
    if (outcome?.passed === true) return;
    throw outcome?.failure ?? new Error('the case did not run');
  });
});
