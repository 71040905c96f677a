import { describe, expect, it } from 'vitest';
import { parseDay } from './day.js';
import { parseWhere } from './where.js';

describe('--where', () => {
  it.each([
    ['city=New Delhi', { field: 'city', operator: 'eq', values: ['New Delhi'] }],
    ['loanAmount>=5,00,000', { field: 'loanAmount', operator: 'gte', values: ['5,00,000'] }],
    ['loanAmount < 3L', { field: 'loanAmount', operator: 'lt', values: ['3L'] }],
    ['city=Pune | Nashik', { field: 'city', operator: 'in', values: ['Pune', 'Nashik'] }],
    ['__proto__=x', { field: '__proto__', operator: 'eq', values: ['x'] }],
    ['city!=Pune | Nashik', { field: 'city', operator: 'ne', values: ['Pune', 'Nashik'] }],
    ['note=a=b', { field: 'note', operator: 'eq', values: ['a=b'] }],
  ])('%s', (text, where) => {
    expect(parseWhere(text)).toEqual(where);
  });

  it.each(['city', 'city=', '=Pune', '>5', '', 'city!', 'a==b', 'a=>5', 'a=<5', 'a<>b', '!a=b'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseWhere(text)).toThrow(expect.objectContaining({ code: 'USAGE_INVALID' }));
    },
  );
});

describe('--created-from and --created-to', () => {
  const from = { flag: '--created-from', edge: 'from', timeZone: 'Asia/Kolkata' } as const;
  const to = { flag: '--created-to', edge: 'to', timeZone: 'Asia/Kolkata' } as const;

  it('are days of the business time zone, the last one whole', () => {
    expect(parseDay('2026-01-31', from)).toBe('2026-01-30T18:30:00.000Z');
    expect(parseDay('2026-01-31', to)).toBe('2026-01-31T18:30:00.000Z');
    expect(parseDay('2026-01-31T09:30+05:30', from)).toBe('2026-01-31T04:00:00.000Z');
    expect(parseDay('2026-01-31T09:30+05:30', to)).toBe('2026-01-31T04:00:00.001Z');
  });

  it.each(['2026-02-30', '31/01/2026', 'today', '2026-01-31T09:30', '2026-13-01T00:00Z'])('refuses %s', (text) => {
    expect(() => parseDay(text, from)).toThrow(expect.objectContaining({ code: 'USAGE_INVALID' }));
  });
});
