import type { Lms } from '../../src/index.js';
import { root } from './leads-of-point.js';
import type { CrashOperation, PreparedSubject } from './operation.js';
import type { RawState } from './raw-state.js';

const longAgo = '2001-01-01T00:00:00.000Z';
const farOff = '2200-01-01T00:00:00.000Z';

async function setTimer(lms: Lms, { tag }: PreparedSubject, dueAt: string): Promise<string> {
  return (await lms.as(root).timers.set({ key: tag, dueAt, data: { tag } })).id;
}

/** The timer of a point waits, once, after so many tries. */
function waits({ timers }: RawState, tag: string, attempts = 0): boolean {
  const own = timers.filter(({ timerKey }) => timerKey === tag);
  return own.length === 1 && own[0]?.attempts === attempts;
}

function isGone({ timers }: RawState, tag: string): boolean {
  return timers.every(({ timerKey }) => timerKey !== tag);
}

function toldOnce({ audit }: RawState, eventType: string, id: string | undefined): boolean {
  return audit.filter((row) => row.eventType === eventType && row.aggregateId === id).length === 1;
}

/** Timers, and what is done to them. */
export const timerOperations: readonly CrashOperation[] = [
  {
    name: 'set a timer',
    run: async (lms, subject) => {
      await setTimer(lms, subject, farOff);
    },
    signs: (state, { tag }) => ({ 'the timer, once': waits(state, tag) }),
  },
  {
    name: 'cancel a timer',
    prepare: async ({ lms }, subject) => [await setTimer(lms, subject, farOff)],
    run: async (lms, { tag }) => {
      await lms.as(root).timers.cancel(tag);
    },
    signs: (state, { tag, leads }) => ({
      'the timer is gone': isGone(state, tag),
      'its row of the trail': toldOnce(state, 'timer.cancelled', leads[0]),
    }),
  },
  {
    name: 'retry a timer',
    async prepare({ lms, damage }, subject) {
      const id = await setTimer(lms, subject, farOff);
      await damage([
        `UPDATE timers SET stuck = 1, attempts = 8, last_error = 'INTERNAL' WHERE timer_key = '${subject.tag}'`,
      ]);
      return [id];
    },
    run: async (lms, { tag }) => {
      await lms.as(root).timers.retry(tag);
    },
    signs: (state, { tag, leads }) => ({
      'waits as if never tried': waits(state, tag),
      'its row of the trail': toldOnce(state, 'timer.retried', leads[0]),
    }),
  },
  {
    name: 'fire a timer',
    prepare: async ({ lms }, subject) => [await setTimer(lms, subject, longAgo)],
    run: async (lms) => {
      await lms.tick();
    },
    signs: (state, { tag, leads }) => ({
      'the timer is gone': isGone(state, tag),
      'its row of the trail': toldOnce(state, 'timer.fired', leads[0]),
    }),
    alone: true,
  },
];
