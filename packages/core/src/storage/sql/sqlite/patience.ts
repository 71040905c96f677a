import { setTimeout as sleep } from 'node:timers/promises';
import { cryptoRandom, LmsError } from '../../../foundation/kernel/index.js';
import { isBusy } from './sqlite-failure.js';

const random = cryptoRandom();
const longestPauseMillis = 20;

/** A pause that grows with the tries and differs between processes, so that they do not knock in step. */
export function pauseBeforeTry(tries: number): Promise<void> {
  const longest = Math.min(longestPauseMillis, 1 + 2 * tries);
  const [share = 0] = random.bytes(1);
  return sleep(1 + Math.floor((share / 256) * longest));
}

export function storeLocked(file: string, waitedMillis: number): LmsError {
  return new LmsError('STORE_LOCKED', {
    message: `${file} has been locked by another process for more than ${waitedMillis} ms; try again, or look for a process that holds it`,
    path: file,
  });
}

/** Tries again while another process holds the file, without blocking this one. @throws LmsError `STORE_LOCKED` */
export async function whileBusy<Result>(file: string, patienceMillis: number, attempt: () => Result): Promise<Result> {
  const deadline = performance.now() + patienceMillis;
  for (let tries = 0; ; tries += 1) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() >= deadline) throw storeLocked(file, patienceMillis);
      await pauseBeforeTry(tries);
    }
  }
}
