import { LmsError } from '../foundation/kernel/index.js';

/** @throws LmsError `CONFIG_INVALID` for numbers that are not whole and positive */
export function requirePositive(settings: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value === 'number' && !(Number.isSafeInteger(value) && value > 0)) {
      throw new LmsError('CONFIG_INVALID', {
        message: `${name} is ${value}; expected a whole number above 0`,
        path: name,
      });
    }
  }
}
