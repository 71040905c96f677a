import type { ErrorCode, LmsError } from '../kernel/index.js';

/** An answer, whatever its status. */
export interface Answer {
  readonly kind: 'answered';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** No answer, or none that could be read. */
export interface Failure {
  readonly kind: 'failed';
  readonly code: ErrorCode;
  /** Without anything of the request or the answer. */
  readonly reason: string;
  /** Whether it may have arrived, and so have been carried out. */
  readonly mayHaveArrived: boolean;
  /** Of an answer whose body could not be read. */
  readonly status: number | null;
  readonly cause: LmsError | null;
}

/** What became of sending a request once. */
export type TryResult = Answer | Failure;
