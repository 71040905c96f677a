import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ids, newLead, samples } from '../../../test-support/assignment-desk.js';
import { onLedger, rawFacts } from '../../../test-support/raw-facts.js';
import { makePlace, type StorePlace, testedShapes } from '../../../test-support/shapes.js';
import { instantAfter, sampleEvent } from '../../conformance/samples.js';
import { auditProjection } from '../../foundation/audit/index.js';
import type { DomainEvent } from '../../foundation/kernel/index.js';
import type { Storage } from '../../storage/storage.js';
import { placementFactsProjection } from '../assignment/index.js';
import { carriedLead, leadFactsProjection, movesProjection } from './lead-projections.js';
import type { StoredLead } from './lead-store.js';

const changes = ['update', 'move', 'delete', 'restore', 'collaborators', 'asha', 'ravi', 'nobody'] as const;
type Change = (typeof changes)[number];

/** What happened to a lead, and how its events are delivered: which one, and whether with the state it had then. */
interface Story {
  readonly changes: readonly Change[];
  /** Of any length; events that it leaves out are delivered after it, in reverse. */
  readonly deliveries: readonly { readonly event: number; readonly carried: boolean }[];
}

const stories: fc.Arbitrary<Story> = fc.record({
  changes: fc.array(fc.constantFrom(...changes), { minLength: 1, maxLength: 7 }),
  deliveries: fc.array(fc.record({ event: fc.nat(7), carried: fc.boolean() }), { maxLength: 12 }),
});

/** An event with the lead as its command left it. */
interface Told {
  readonly event: DomainEvent;
  readonly state: StoredLead;
}

const seed = Number(process.env['LMS_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe.each(testedShapes)('projections on %s', (shape) => {
  const places: StorePlace[] = [];
  const stores: Storage[] = [];
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await Promise.all(places.map((place) => place.remove()));
  });

  it(`give the same rows whatever the order, twice or more, with older states or newer ones (LMS_TEST_SEED=${seed})`, {
    timeout: 60_000,
  }, async () => {
    const place = await makePlace(shape);
    places.push(place);
    const store = place.handle();
    stores.push(store);
    await store.open();
    const samplesOfAll = fc.sample(stories, { numRuns: 60, seed });
    const straight = samplesOfAll.map((story) => toldOf(store, story.changes));
    const shuffled = samplesOfAll.map((story) => toldOf(store, story.changes));
    const final = [...straight, ...shuffled].flatMap((told) => told.at(-1)?.state ?? []);
    await store.unitOfWork.run('documents', (unit) => store.leads.insert(unit, final));
    await deliver(
      store,
      straight.map((told) => told.map((one) => ({ ...one, carried: true }))),
    );
    await deliver(
      store,
      shuffled.map((told, index) => scheduled(told, samplesOfAll[index]?.deliveries ?? [])),
    );

    const rows = await rawFacts(place.address);
    const moves = await onLedger(place.address, 'select * from moves order by at, to_stage');
    const audit = await onLedger(
      place.address,
      'select aggregate_id as lead_id, event_type, aggregate_version from audit',
    );
    for (const [index, story] of samplesOfAll.entries()) {
      const expected = rowsOf(
        [rows.lead_facts, rows.stage_stays, rows.lead_index, rows.lead_collaborators, moves, audit],
        straight[index],
      );
      const found = rowsOf(
        [rows.lead_facts, rows.stage_stays, rows.lead_index, rows.lead_collaborators, moves, audit],
        shuffled[index],
      );
      expect(expected[0], JSON.stringify(story)).toHaveLength(1);
      expect(found, JSON.stringify(story)).toEqual(expected);
    }
    const deleted = final.filter(({ deletedAt }) => deletedAt !== null);
    expect(deleted.length).toBeGreaterThan(0);
    const everything = { scope: { everything: true } } as const;
    expect(await store.facts.count({ ...everything, deleted: true }, 1_000)).toBe(deleted.length);
    expect(await store.facts.count(everything, 1_000)).toBe(final.length - deleted.length);
  });
});

/** The events of a story in order, each with the lead after it. */
function toldOf(store: Storage, story: readonly Change[]): readonly Told[] {
  let lead = newLead(store, { number: `LEAD-${ids.next()}` });
  let placementVersion = 0;
  const told: Told[] = [leadEvent(store, lead, 'lead.created', { from: null, to: lead.stage })];
  for (const [index, change] of story.entries()) {
    const at = instantAfter(index + 1);
    if (change === 'asha' || change === 'ravi' || change === 'nobody') {
      placementVersion += 2;
      const ownerId = change === 'nobody' ? null : change;
      told.push({ event: placed(store, lead, { ownerId, placementVersion }), state: lead });
      continue;
    }
    const before = lead;
    lead = { ...changed(lead, change, at), version: lead.version + 1, updatedAt: at };
    const moved = before.stage !== lead.stage;
    told.push(
      leadEvent(store, lead, moved ? 'lead.stage_changed' : 'lead.updated', { from: before.stage, to: lead.stage }),
    );
  }
  return told.map(({ event, state }, index) => ({ event, state: index === told.length - 1 ? lead : state }));
}

function changed(lead: StoredLead, change: Change, at: string): StoredLead {
  if (change === 'delete') return { ...lead, deletedAt: at };
  if (change === 'restore') return { ...lead, deletedAt: null };
  if (change === 'collaborators')
    return { ...lead, collaboratorIds: [...lead.collaboratorIds, `user-${lead.version}`] };
  if (change === 'update') {
    const city = { field: 'city', number: null, text: `City ${lead.version}`, hash: null };
    return { ...lead, index: [city], amountPaise: lead.version * 100 };
  }
  const stage = `stage-${lead.version}`;
  const closed = lead.history.map((stay) => ({ ...stay, exitedAt: stay.exitedAt ?? at }));
  const entered = { stage, enteredAt: at, exitedAt: null, enteredBy: 'user:asha' };
  return { ...lead, stage, stageEnteredAt: at, history: [...closed, entered] };
}

function leadEvent(store: Storage, state: StoredLead, type: string, move: { from: string | null; to: string }): Told {
  const aggregate = { kind: 'lead', id: state.id, version: state.version };
  const data = { productLine: state.productLine, pipelineVersion: 1, ...move };
  return { event: sampleEvent(samples(store), { type, aggregate, data, at: state.updatedAt }), state };
}

function placed(
  store: Storage,
  { id }: StoredLead,
  { ownerId, placementVersion }: { ownerId: string | null; placementVersion: number },
): DomainEvent {
  const team = ownerId === null ? null : 'west';
  return sampleEvent(samples(store), {
    type: ownerId === null ? 'lead.unassigned' : 'lead.assigned',
    aggregate: { kind: 'placement', id, version: placementVersion },
    data: { leadId: id, ownerId, team, previousOwnerId: null, placementVersion },
  });
}

type Delivery = Told & { readonly carried: boolean };

function scheduled(told: readonly Told[], deliveries: Story['deliveries']): readonly Delivery[] {
  const chosen = deliveries.map(({ event, carried }) => ({ at: event % told.length, carried }));
  const seen = new Set(chosen.map(({ at }) => at));
  const rest = told.flatMap((_, at) => (seen.has(at) ? [] : [{ at, carried: at % 2 === 0 }])).reverse();
  return [...chosen, ...rest].flatMap(({ at, carried }) => {
    const one = told[at];
    return one === undefined ? [] : [{ ...one, carried }];
  });
}

/** The n-th delivery of each lead goes into one unit. */
async function deliver(store: Storage, leads: readonly (readonly Delivery[])[]): Promise<void> {
  const projections = [
    leadFactsProjection(store),
    movesProjection(store.moves),
    placementFactsProjection(store.facts),
    auditProjection(store.audit),
  ];
  const longest = Math.max(...leads.map(({ length }) => length));
  for (let turn = 0; turn < longest; turn += 1) {
    const batch = leads.flatMap((deliveries) => deliveries[turn] ?? []);
    const carried = new Map(batch.filter((one) => one.carried).map(({ state }) => carriedLead(state)));
    await store.unitOfWork.run('ledger', async (unit) => {
      for (const projection of projections) {
        const handled = batch.map(({ event }) => event).filter((event) => projection.handles(event));
        if (handled.length > 0) await projection.project(unit, handled, carried);
      }
    });
  }
}

/** The rows of one lead without what names it. */
function rowsOf(tables: readonly unknown[], told: readonly Told[] = []): readonly unknown[] {
  const id = told[0]?.state.id;
  return tables.map((rows) =>
    (Array.isArray(rows) ? rows : [])
      .filter((row: Record<string, unknown>) => row['lead_id'] === id)
      .map((row: Record<string, unknown>) => {
        const { lead_id: _lead, number: _number, event_id: _event, ...rest } = row;
        return JSON.stringify(rest);
      })
      .sort(),
  );
}
