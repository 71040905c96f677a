import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capabilityTable } from '../../test-support/capability-table.js';
import { expectDocsBlock } from '../../test-support/docs-block.js';
import { allPlaces, makePlace, type PlaceName, type StorePlace } from '../../test-support/shapes.js';
import { type ConformanceOutcome, conformanceCases, runConformance } from './index.js';

it('gives every case an id of its own', () => {
  const ids = conformanceCases.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[a-z-]+\/[a-z-]+$/.test(id))).toEqual([]);
});

const executed = new Map<PlaceName, readonly ConformanceOutcome[]>();

describe.each(allPlaces)('storage conformance of %s', (name) => {
  const outcomes: ConformanceOutcome[] = [];
  let place: StorePlace;

  beforeAll(async () => {
    place = await makePlace(name);
    const target = { handle: () => place.handle(), raw: () => place.rawStore() };
    await runConformance(target, { onCase: (outcome) => outcomes.push(outcome) });
    executed.set(name, outcomes);
  }, 240_000);

  afterAll(() => place.remove());

  it('executes every case, each once', () => {
    expect(outcomes.map(({ id }) => id)).toEqual(conformanceCases.map(({ id }) => id));
  });

  it.each(conformanceCases.map(({ id, title }) => ({ id, title })))('$id: $title', ({ id }) => {
    const outcome = outcomes.find((each) => each.id === id);
    if (outcome?.passed === true) return;
    throw outcome?.failure ?? new Error('the case did not run');
  });
});

it('executed on every place as many cases as docs/storage.md counts', async () => {
  expect([...executed.keys()]).toEqual(allPlaces);
  await expectDocsBlock('storage.md', 'capabilities', capabilityTable(executed));
});
