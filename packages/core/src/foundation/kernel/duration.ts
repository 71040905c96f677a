const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const longest = 3650 * 86_400_000;

/**
 * Milliseconds of a span of time such as `90s`, `15m`, `26h` or `7d`: a whole number above 0 and a unit, up to ten years; null for any
 * other text. A day has 24 hours.
 */
export function durationMillis(text: string): number | null {
  const [, amount, unit = ''] = /^([1-9]\d{0,8})([smhd])$/.exec(text) ?? [];
  const millis = Number(amount) * (units[unit] ?? Number.NaN);
  return millis <= longest ? millis : null;
}

/** A span of time for people, in the largest unit that it fills twice: `90 s`, `47 h`, `3 d`. */
export function durationText(millis: number): string {
  const whole = (unit: number): number => Math.floor(Math.max(0, millis) / unit);
  const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];
  if (whole(day) >= 2) return `${whole(day)} d`;
  if (whole(hour) >= 2) return `${whole(hour)} h`;
  return whole(minute) >= 2 ? `${whole(minute)} min` : `${whole(second)} s`;
}
