import { InvalidArgumentError } from 'commander';

/** Reads a flag that is a whole number within bounds; for commander, which names the flag in its message. */
export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= from && value <= to) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${from} to ${to}.`);
  };
}

/** Reads a flag from 0 to 1; for commander. */
export function fraction(text: string): number {
  const value = /^[01](?:\.\d{1,6})?$|^\.\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('Expected a number from 0 to 1, such as 0.8.');
}
