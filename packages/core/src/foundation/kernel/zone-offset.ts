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
/** Some thirty-four years. */
const mostStretches = 4096;
const earliest = Date.UTC(1899, 0, 1);
const latest = Date.UTC(2201, 0, 1);

/**
 * The offsets of an IANA zone, asked of the platform once per stretch of time and kept (at most 4,096 stretches).
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
    // What a neighbour has asked is not asked once more: most of the time goes there.
    const start = index * stretchMillis;
    const before = stretches.get(index - 1)?.after ?? offsetAt(start);
    const after = stretches.get(index + 1)?.before ?? offsetAt(start + stretchMillis);
    const made = measured({ start, before, after }, offsetAt);
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

function measured(
  { start, before, after }: { readonly start: number; readonly before: number; readonly after: number },
  offsetAt: (epochMillis: number) => number,
): Stretch {
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
  // Its text is read by the order of its numbers, which takes half the time of asking for its parts each time.
  const order = format
    .formatToParts(0)
    .filter(({ value }) => /^\d+$/.test(value))
    .map(({ type }) => type);
  return (epochMillis) => {
    const part: Record<string, number> = {};
    const numbers = format.format(epochMillis).match(/\d+/g) ?? [];
    for (const [at, type] of order.entries()) part[type] = Number(numbers[at]);
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
