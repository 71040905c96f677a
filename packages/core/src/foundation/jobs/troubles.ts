import { errorCode } from './retry-plan.js';

/** What a worker does that is tried again by itself, and what fails of it now. */
export class Troubles {
  /** Codes of errors, by what fails; the newest last. */
  readonly #codes: Map<string, string> = new Map();

  /** Code of the error that came last of those that still stand; null while everything works. */
  get last(): string | null {
    return [...this.#codes.values()].at(-1) ?? null;
  }

  /** @returns what it gives; null where it failed, which is kept until the same succeeds */
  async trying<Result>(what: string, work: () => Promise<Result>): Promise<Result | null> {
    try {
      const result = await work();
      this.#codes.delete(what);
      return result;
    } catch (error) {
      this.#codes.delete(what);
      this.#codes.set(what, errorCode(error));
      return null;
    }
  }
}
