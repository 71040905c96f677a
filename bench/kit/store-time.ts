import type { Storage } from '#core';

/** A storage that tells how long its callers have waited for it. */
export interface WatchedStorage {
  readonly storage: Storage;
  /** Milliseconds in which at least one call was under way, since the beginning. */
  waited(): number;
}

/** The same storage; the time between asking it and its answer is told apart from what its caller does beside. */
export function watchedStorage(storage: Storage): WatchedStorage {
  const clock = new WaitingClock();
  const ports = new Map<object, object>();
  const watched = new Proxy(storage, {
    get(target, name) {
      const port: unknown = Reflect.get(target, name, target);
      if (typeof port === 'function') return port.bind(target);
      if (typeof port !== 'object' || port === null) return port;
      const known = ports.get(port) ?? watchedPort(port, clock);
      ports.set(port, known);
      return known;
    },
  });
  return { storage: watched, waited: () => clock.millis };
}

function watchedPort(port: object, clock: WaitingClock): object {
  return new Proxy(port, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name, target);
      if (typeof method !== 'function') return method;
      return (...given: readonly unknown[]): unknown => {
        clock.begin();
        const answer: unknown = Reflect.apply(method, target, given);
        if (!(answer instanceof Promise)) {
          clock.end();
          return answer;
        }
        return answer.finally(() => clock.end());
      };
    },
  });
}

class WaitingClock {
  #millis = 0;
  #underWay = 0;
  #since = 0;

  get millis(): number {
    return this.#millis;
  }

  begin(): void {
    if (this.#underWay === 0) this.#since = performance.now();
    this.#underWay += 1;
  }

  end(): void {
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#millis += performance.now() - this.#since;
  }
}
