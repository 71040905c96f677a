import { LmsError } from '../../foundation/kernel/index.js';

/** A unique value was taken by others between looking and claiming; nothing of the unit stands. */
export class ValueTaken extends Error {}

const mostAttempts = 10;

/**
 * Looks and claims again when a value was taken in between: the next look finds who has it.
 * @throws LmsError `STORE_CONFLICT` when that happens again and again
 */
export async function againWhenTaken<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ValueTaken)) throw error;
      if (attempt === mostAttempts) {
        throw new LmsError('STORE_CONFLICT', {
          message: 'unique values were taken by others while the leads were being created; try again',
        });
      }
    }
  }
}
