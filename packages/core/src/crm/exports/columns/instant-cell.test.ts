import { expect, it } from 'vitest';
import { instantCell } from './instant-cell.js';

const clockIn = (timeZone: string, instant: string, exact = true): unknown => {
  const cell = instantCell(instant, { printed: 'printed', timeZone, exact });
  return cell.kind === 'instant' ? cell.clock : cell;
};

it('shows the time on the wall of the business zone', () => {
  expect(clockIn('Asia/Kolkata', '2026-01-31T20:00:00.000Z')).toEqual({ date: '2026-02-01', time: '01:30:00' });
});

it('shows parts of a second in no spreadsheet, and leaves them out only where that may be', () => {
  expect(clockIn('Asia/Kolkata', '2026-01-31T10:00:00.250Z')).toBeNull();
  expect(clockIn('Asia/Kolkata', '2026-01-31T10:00:00.250Z', false)).toEqual({ date: '2026-01-31', time: '15:30:00' });
});

it('shows no time that would be read as an earlier one, where clocks went back', () => {
  expect(clockIn('America/New_York', '2026-11-01T05:30:00.000Z')).toEqual({ date: '2026-11-01', time: '01:30:00' });
  expect(clockIn('America/New_York', '2026-11-01T06:30:00.000Z')).toBeNull();
});
