import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { businessTime, timeOfDayMillis } from './business-time.js';
import { addDays } from './local-date.js';

const zones = [
  'Asia/Kolkata',
  'UTC',
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'America/Havana',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'America/St_Johns',
] as const;

const at = (text: string): number => Date.parse(text);

describe('business time in India', () => {
  const india = businessTime();

  it('has the day, time and month of the wall there', () => {
    expect(india.zone).toBe('Asia/Kolkata');
    expect(india.localDate(at('2026-01-31T18:29:59.999Z'))).toBe('2026-01-31');
    expect(india.localDate(at('2026-01-31T18:30:00.000Z'))).toBe('2026-02-01');
    expect(india.localTime(at('2026-01-31T18:30:00.000Z'))).toBe('00:00:00');
    expect(india.localTime(at('2026-01-31T09:05:07.999Z'))).toBe('14:35:07');
    expect(india.month(at('2025-12-31T18:30:00.000Z'))).toBe('202601');
    expect(india.localDate(at('1969-12-31T12:00:00.000Z'))).toBe('1969-12-31');
  });

  it('finds the instant of a day and of a time', () => {
    expect(india.startOfDay('2026-02-01')).toBe(at('2026-01-31T18:30:00.000Z'));
    expect(india.atLocal('2026-02-01', '09:30')).toBe(at('2026-02-01T04:00:00.000Z'));
    expect(india.atLocal('2026-02-01', '09:30:15.250')).toBe(at('2026-02-01T04:00:15.250Z'));
    expect(india.atLocal('2026-02-01', '24:00')).toBe(india.startOfDay('2026-02-02'));
  });
});

describe('clocks that change', () => {
  const newYork = businessTime('America/New_York');

  it('moves a time that is skipped as far as the clocks moved', () => {
    expect(newYork.atLocal('2026-03-08', '02:30')).toBe(at('2026-03-08T07:30:00Z'));
    expect(newYork.localTime(newYork.atLocal('2026-03-08', '02:30'))).toBe('03:30:00');
  });

  it('takes the first of a time that comes twice', () => {
    expect(newYork.atLocal('2026-11-01', '01:30')).toBe(at('2026-11-01T05:30:00Z'));
  });

  it('begins a day whose midnight is skipped at its first instant', () => {
    const havana = businessTime('America/Havana');
    const start = havana.startOfDay('2026-03-08');
    expect(havana.localTime(start)).toBe('01:00:00');
    expect(havana.localDate(start - 1)).toBe('2026-03-07');
  });
});

describe('any zone', () => {
  const instants = fc.integer({ min: at('1901-01-01T00:00:00Z'), max: at('2199-12-01T00:00:00Z') });

  it('agrees with the platform calendar', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), (instant, zone) => {
        const platform = new Intl.DateTimeFormat('en-CA', {
          timeZone: zone,
          hourCycle: 'h23',
          year: 'numeric',
          month: '2-digit',
          day: '2-digit',
          hour: '2-digit',
          minute: '2-digit',
          second: '2-digit',
        }).format(instant);
        const time = businessTime(zone);
        expect(`${time.localDate(instant)}, ${time.localTime(instant)}`).toBe(platform);
      }),
      { numRuns: 300 },
    );
  });

  it('finds an instant again by its day and time, or the other one that looks the same', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), (instant, zone) => {
        const time = businessTime(zone);
        const second = Math.floor(instant / 1000) * 1000;
        const found = time.atLocal(time.localDate(second), time.localTime(second));
        expect(found).toBeLessThanOrEqual(second);
        expect(time.localTime(found)).toBe(time.localTime(second));
        expect(time.localDate(found)).toBe(time.localDate(second));
        expect(second - found).toBeLessThanOrEqual(86_400_000);
      }),
      { numRuns: 300 },
    );
  });

  it('begins each day where the one before ends', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), (instant, zone) => {
        const time = businessTime(zone);
        const date = time.localDate(instant);
        const start = time.startOfDay(date);
        expect(start).toBeLessThanOrEqual(instant);
        expect(time.startOfDay(addDays(date, 1))).toBeGreaterThan(instant);
        expect(time.localDate(start)).toBe(date);
        expect(time.localDate(start - 1) < date).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what is refused', () => {
  it('names an unknown zone', () => {
    expect(() => businessTime('Asia/Atlantis')).toThrowError(/"Asia\/Atlantis" is not a time zone/);
  });

  it('has no time outside 1899 to 2200', () => {
    const time = businessTime();
    expect(() => time.localDate(at('2201-01-02T00:00:00Z'))).toThrowError(/1899 to 2200/);
    expect(() => time.localDate(Number.NaN)).toThrowError(/1899 to 2200/);
  });

  it.each(['9:30', '25:00', '24:01', '12:60', '12:00:60', '', 'noon', '12'])('takes no %j as a time of day', (time) => {
    expect(() => timeOfDayMillis(time)).toThrowError(/is not a time of day/);
  });
});
