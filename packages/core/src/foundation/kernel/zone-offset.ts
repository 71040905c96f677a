import { LmsError } from './errors.js';
import { quoted } from './quoted.js';

/** How far a zone's clocks are ahead of UTC, in milliseconds. */
export interface ZoneOffsets {
  /** @throws LmsError `DATE_INVALID` outside 1899 to 2200 */
  at(epochMillis: number): number;
}

/** A stretch of time with one offset, or two with one change between them. */
interface Stretch {
  readonly before: number;
  readonly after: number;
  readonly changesAt: number;
}

/** Zones do not change their clocks twice within a stretch (about three days), so its two ends tell all of it. */
const stretchMillis = 2 ** 28;
const mostStretches = 2048;
const earliest = Date.UTC(1899, 0, 1);
const latest = Date.UTC(2201, 0, 1);

/**
 * The offsets of an IANA zone, asked of the platform once per stretch of time and kept (at most 2,048 stretches).
 * @throws LmsError `TIME_ZONE_UNKNOWN`
 */
export function offsetsOf(zone: string): ZoneOffsets {
  const offsetAt = platformOffset(zone);
  const stretches = new Map<number, Stretch>();
  let lastIndex = Number.NaN;
  let last: Stretch = { before: 0, after: 0, changesAt: 0 };

  const stretchOf = (index: number): Stretch => {
    const known = stretches.get(index);
    if (known !== undefined) return known;
    if (stretches.size >= mostStretches) stretches.clear();
    const made = measured(index * stretchMillis, offsetAt);
    stretches.set(index, made);
    return made;
  };

  return {
    at(epochMillis) {
      const index = Math.floor(epochMillis / stretchMillis);
      if (index !== lastIndex) {
        if (!(epochMillis >= earliest && epochMillis < latest)) {
          throw new LmsError('DATE_INVALID', { message: 'The time is outside the years 1899 to 2200' });
        }
        last = stretchOf(index);
        lastIndex = index;
      }
      return epochMillis < last.changesAt ? last.before : last.after;
    },
  };
}

function measured(start: number, offsetAt: (epochMillis: number) => number): Stretch {
  const before = offsetAt(start);
  const after = offsetAt(start + stretchMillis);
  if (before === after) return { before, after, changesAt: start };
  let low = start;
  let high = start + stretchMillis;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle) === before) low = middle;
    else high = middle;
  }
  return { before, after, changesAt: high };
}

function platformOffset(zone: string): (epochMillis: number) => number {
  const format = formatOf(zone);
  return (epochMillis) => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(epochMillis)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    const wall = Date.UTC(year, month - 1, day, hour, minute, second);
    return wall - Math.floor(epochMillis / 1000) * 1000;
  };
}

function formatOf(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (error) {
    throw new LmsError('TIME_ZONE_UNKNOWN', {
      message: `${quoted(zone)} is not a time zone this machine knows; expected an IANA name such as Asia/Kolkata`,
      cause: error,
    });
  }
}
