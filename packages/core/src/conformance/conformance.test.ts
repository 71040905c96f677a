import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allShapes, makePlace, type StorePlace } from '../../test-support/shapes.js';
import { type ConformanceOutcome, conformanceCases, runConformance } from './index.js';

it('gives every case an id of its own', () => {
  const ids = conformanceCases.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[a-z-]+\/[a-z-]+$/.test(id))).toEqual([]);
});

describe.each(allShapes)('storage conformance of %s', (shape) => {
  const outcomes = new Map<string, ConformanceOutcome>();
  let place: StorePlace;

  beforeAll(async () => {
    place = await makePlace(shape);
    await runConformance(place.handle, { onCase: (outcome) => outcomes.set(outcome.id, outcome) });
  }, 240_000);

  afterAll(() => place.remove());

  it('executes every case', () => {
    expect([...outcomes.keys()]).toEqual(conformanceCases.map(({ id }) => id));
  });

  it.each(conformanceCases.map(({ id, title }) => ({ id, title })))('$id: $title', ({ id }) => {
    const outcome = outcomes.get(id);
    if (outcome?.passed === true) return;
    throw outcome?.failure ?? new Error('the case did not run');
  });
});
