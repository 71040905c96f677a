import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type DomainEvent, parseId } from '../kernel/index.js';
import { auditRowOf, payloadHashOf } from './audit-row.js';

const event: DomainEvent = {
  id: parseId<'event'>('019bc0de-0000-7000-8000-000000000001'),
  type: 'lead.updated',
  typeVersion: 1,
  aggregate: { kind: 'lead', id: '019bc0de-0000-7000-8000-0000000000aa', version: 2 },
  at: '2026-01-31T09:30:00.000Z',
  actor: 'user:asha',
  via: { host: 'desk-7', operatingSystemUser: 'asha' },
  command: 'leads.update',
  correlationId: 'c-1',
  causationId: null,
  data: { phone: '******3210', amount: 1e21, note: 'é' },
  sealed: 'v1.AAAA',
};

describe('the audit row of an event', () => {
  test('hashes the RFC 8785 text of the stored row', () => {
    const text =
      '{"actor":"user:asha","aggregate":{"id":"019bc0de-0000-7000-8000-0000000000aa","kind":"lead","version":2},' +
      '"at":"2026-01-31T09:30:00.000Z","changes":{"amount":1e+21,"note":"é","phone":"******3210"},' +
      '"command":"leads.update","correlationId":"c-1","eventType":"lead.updated",' +
      '"id":"019bc0de-0000-7000-8000-000000000001","sealed":"v1.AAAA",' +
      '"via":{"host":"desk-7","operatingSystemUser":"asha"}}';
    expect(auditRowOf(event).payloadHash).toBe(createHash('sha256').update(text).digest('hex'));
  });

  test('has no place in the chain yet', () => {
    expect(auditRowOf(event)).toMatchObject({ position: null, prevHash: null, chainHash: null });
  });

  test('is the same each time, also from an event that came back from a store', () => {
    const restored: DomainEvent = { ...event, data: { note: 'é', phone: '******3210', amount: 1e21 } };
    expect(auditRowOf(restored)).toEqual(auditRowOf(event));
  });

  test('hashes to something else once any part of it is changed', () => {
    const row = auditRowOf(event);
    const changed = [
      { id: 'other' },
      { at: '2026-01-31T09:30:00.001Z' },
      { actor: 'user:meera' },
      { via: null },
      { via: { host: 'desk-8', operatingSystemUser: 'asha' } },
      { command: 'leads.move' },
      { eventType: 'lead.deleted' },
      { aggregate: { ...row.aggregate, version: 3 } },
      { correlationId: 'c-2' },
      { changes: {} },
      { sealed: null },
    ];
    const hashes = changed.map((change) => payloadHashOf({ ...row, ...change }));
    expect(new Set([row.payloadHash, ...hashes]).size).toBe(changed.length + 1);
    expect(payloadHashOf({ ...row, position: 7, chainHash: 'x' } as typeof row)).toBe(row.payloadHash);
  });
});
