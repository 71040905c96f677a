import { cryptoRandom } from '../../foundation/kernel/index.js';

/** Room for an empty store beside another one, on the same disk or servers, for trying out what they do. */
export interface ScratchStore<Source> {
  /** What the store's own function, and the one for its raw side, take. */
  readonly source: Source;
  /** For people: the file, or the servers and databases. */
  readonly label: string;
  /** Removes it with all it holds; the handles on it must be closed. */
  remove(): Promise<void>;
}

/** A name that no database has; those that a killed process left begin with the same word. */
export function newScratchName(): string {
  return `lms_verify_${Buffer.from(cryptoRandom().bytes(6)).toString('hex')}`;
}
