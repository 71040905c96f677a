import type { Clock } from './clock.js';
import { LmsError } from './errors.js';
import type { RandomSource } from './random.js';

declare const kind: unique symbol;

/** A UUIDv7 in lower-case text, branded with what it names. */
export type Id<Kind extends string> = string & { readonly [kind]: Kind };

export type LeadId = Id<'lead'>;
export type UserId = string & { readonly [kind]: 'user' };
export type EventId = Id<'event'>;

/** Makes ids that sort by time of making. Two calls never give the same id. */
export interface IdSource {
  next<Kind extends string>(): Id<Kind>;
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isId(text: string): boolean {
  return uuidPattern.test(text);
}

/** Reads an id from outside. @throws LmsError `ID_INVALID` */
export function parseId<Kind extends string>(text: string): Id<Kind> {
  const lower = text.toLowerCase();
  if (!uuidPattern.test(lower)) {
    throw new LmsError('ID_INVALID', { message: `"${text.slice(0, 60)}" is not an id; expected a UUID` });
  }
  return lower as Id<Kind>;
}

/**
 * UUIDv7 (RFC 9562 §5.7) with the 12 random bits of `rand_a` used as a counter that makes the ids of one source strictly
 * increasing even within a millisecond and when the clock steps back (method 1 of §6.2).
 */
export function uuidV7Source(clock: Clock, random: RandomSource): IdSource {
  let lastMillis = 0;
  let counter = 0;
  return {
    next<Kind extends string>(): Id<Kind> {
      const now = clock.now();
      if (now > lastMillis) {
        lastMillis = now;
        const seed = random.bytes(2);
        counter = (((seed[0] ?? 0) << 8) | (seed[1] ?? 0)) & 0x7ff;
      } else {
        counter += 1;
        if (counter > 0xfff) {
          lastMillis += 1;
          counter = 0;
        }
      }
      const tail = random.bytes(8);
      tail[0] = ((tail[0] ?? 0) & 0x3f) | 0x80;
      const time = lastMillis.toString(16).padStart(12, '0');
      const hexTail = toHex(tail);
      const text = `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${hexTail.slice(0, 4)}-${hexTail.slice(4)}`;
      return text as Id<Kind>;
    },
  };
}

const hexOfByte: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += hexOfByte[byte] ?? '';
  return text;
}
