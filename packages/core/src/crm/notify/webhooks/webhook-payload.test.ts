import { expect, it } from 'vitest';
import type { FeedEvent } from '../../../foundation/events/index.js';
import { type Json, uuidV7Source } from '../../../foundation/kernel/index.js';
import { TestClock } from '../../../testing/index.js';
import { type EventFilter, typesOf, wantsLine, wantsType } from './event-filter.js';
import { hasChanges, payloadText, withoutChanges } from './webhook-payload.js';

const ids = uuidV7Source(new TestClock('2026-01-15T04:30:00.000Z'), { bytes: (count) => new Uint8Array(count) });

function eventWith(data: Json): FeedEvent {
  return {
    position: 1,
    id: ids.next<'event'>(),
    type: 'lead.updated',
    typeVersion: 1,
    at: '2026-01-15T04:30:00.000Z',
    actor: 'user:asha',
    command: 'leads.update',
    aggregate: { kind: 'lead', id: ids.next<'lead'>(), version: 2 },
    correlationId: 'request-1',
    data,
  };
}

function wants(filter: EventFilter, type: string, productLine: string | null): boolean {
  return wantsType(filter, type) && wantsLine(filter, productLine);
}

it('has ids alone unless the endpoint includes what the trail shows', () => {
  const event = eventWith({ after: { city: 'Pune' } });
  const thin = payloadText(event, 'ids');
  expect(thin).not.toContain('Pune');
  expect(hasChanges(thin)).toBe(false);
  const whole = payloadText(event, 'masked');
  expect(JSON.parse(whole).data.changes).toEqual(event.data);
  expect(hasChanges(whole)).toBe(true);
  const erased = JSON.parse(withoutChanges(whole));
  expect(erased.data).toEqual({ ...JSON.parse(thin).data, changesOmitted: 'erased' });
});

it('never has more than 20,000 bytes: changes that make it longer are left out, and it says so', () => {
  const text = payloadText(eventWith({ remarks: 'ज'.repeat(7_000) }), 'masked');
  expect(Buffer.byteLength(text)).toBeLessThan(1_000);
  expect(JSON.parse(text).data).toMatchObject({ changesOmitted: 'too-large' });
  expect(Buffer.byteLength(payloadText(eventWith('x'.repeat(19_000)), 'masked'))).toBeLessThanOrEqual(20_000);
});

it.each([
  [['lead.created'], [], true],
  [['lead.*'], [], true],
  [['*'], [], true],
  [['lead.*', 'user.*'], ['personal-loan'], true],
  [['lead.updated'], [], false],
  [['leads.*'], [], false],
  [['lead.created_twice'], [], false],
  [['*'], ['demat'], false],
])('types %j and lines %j: wants a new personal loan: %s', (eventTypes, productLines, wanted) => {
  expect(wants({ eventTypes, productLines }, 'lead.created', 'personal-loan')).toBe(wanted);
});

it('wants nothing that is about no lead where it names lines', () => {
  const filter = { eventTypes: ['*'], productLines: ['demat'] };
  expect(wants(filter, 'user.created', null)).toBe(false);
  expect(typesOf([filter, { eventTypes: ['lead.*'], productLines: [] }])).toBeNull();
  expect(typesOf([{ eventTypes: ['lead.*', 'user.created'], productLines: [] }])).toEqual(['lead.*', 'user.created']);
});
