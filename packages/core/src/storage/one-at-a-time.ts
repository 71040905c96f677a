/** Runs work of one name in order, and work of different names side by side. */
export class OneAtATime {
  readonly #last: Map<string, Promise<unknown>> = new Map();

  async run<Result>(name: string | undefined, work: () => Promise<Result>): Promise<Result> {
    if (name === undefined) return work();
    const before = this.#last.get(name);
    const mine = before === undefined ? work() : before.then(work);
    // Those that wait for this one do not care how it ended.
    const settled = mine.catch(() => undefined);
    this.#last.set(name, settled);
    try {
      return await mine;
    } finally {
      if (this.#last.get(name) === settled) this.#last.delete(name);
    }
  }
}
