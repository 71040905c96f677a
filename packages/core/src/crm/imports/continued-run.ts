import type { ImportOrder } from './import-order.js';
import type { FilePart } from './take-ahead.js';

/** The run of a detached import, which may take several tries and workers. */
export interface ContinuedRun {
  /** Of all its tries. */
  readonly order: ImportOrder;
  /** Whether other workers may be taking rows ahead of it. */
  readonly shared: boolean;
  /** Whether another try follows where this one is stopped: then nothing is said of an end. */
  readonly isHandedOn: () => boolean;
}

/** What a worker does of a run that is another's. */
export interface SharedPart {
  /** Of the run. */
  readonly order: ImportOrder;
  readonly part: FilePart;
  readonly signal: AbortSignal;
  /** Hears how many rows are taken. */
  readonly onTaken: (rows: number) => void;
}
