import type { Turns } from '../../../foundation/persistence/index.js';

/** Turns that somebody in this process has, by file and name. */
const taken = new Set<string>();

/** The turns of a file among the handles of this process. */
export function fileTurns(file: string): Turns {
  return {
    async alone(name, work) {
      const turn = `${file}\n${name}`;
      if (taken.has(turn)) return false;
      taken.add(turn);
      try {
        await work();
      } finally {
        taken.delete(turn);
      }
      return true;
    },
  };
}
