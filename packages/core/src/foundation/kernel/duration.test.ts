import { describe, expect, it } from 'vitest';
import { durationMillis, durationText } from './duration.js';

describe('a span of time', () => {
  it.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['26h', 93_600_000],
    ['7d', 604_800_000],
    ['3650d', 315_360_000_000],
  ])('%s is %i milliseconds', (text, millis) => {
    expect(durationMillis(text)).toBe(millis);
  });

  it.each(['', '0h', '26', '26 h', '-1h', '1.5h', '26H', '1w', '3651d', 'h', '1h30m'])('"%s" is none', (text) => {
    expect(durationMillis(text)).toBeNull();
  });

  it.each([
    [-5, '0 s'],
    [119_999, '119 s'],
    [120_000, '2 min'],
    [7_199_999, '119 min'],
    [7_200_000, '2 h'],
    [172_799_999, '47 h'],
    [172_800_000, '2 d'],
  ])('%i milliseconds are told as %s', (millis, text) => {
    expect(durationText(millis)).toBe(text);
  });
});
