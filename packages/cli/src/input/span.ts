import { durationMillis } from '@lms/core/kernel';
import { InvalidArgumentError } from 'commander';

/** Reads a flag that is a span of time, such as 24h, as milliseconds; for commander, which names the flag in its message. */
export function spanFrom(leastMillis: number): (text: string) => number {
  return (text) => {
    const millis = durationMillis(text);
    if (millis !== null && millis >= leastMillis) return millis;
    throw new InvalidArgumentError('Expected a span of time such as 15m, 6h or 7d, of a minute or more.');
  };
}
