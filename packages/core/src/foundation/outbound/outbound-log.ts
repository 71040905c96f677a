import type { ErrorCode } from '../kernel/index.js';

/** What happens to calls, for logs: never a query, a header, a body, or what stands in the place of a path's parameters. */
export type OutboundEvent = OutboundCallName &
  (
    | {
        readonly event: 'outbound.retry';
        readonly tries: number;
        readonly pauseMillis: number;
        readonly reason: string;
      }
    /** A redirect is followed. */
    | { readonly event: 'outbound.redirected'; readonly to: string }
    | {
        readonly event: 'outbound.answered';
        readonly status: number;
        readonly tries: number;
        readonly durationMillis: number;
      }
    | {
        readonly event: 'outbound.failed';
        readonly code: ErrorCode;
        readonly ambiguous: boolean;
        readonly tries: number;
        readonly durationMillis: number;
      }
    /** The call was made, and what became of it could not be written down: the record stays open. */
    | { readonly event: 'outbound.unrecorded'; readonly code: ErrorCode }
  );

export interface OutboundCallName {
  readonly exchangeId: string;
  readonly target: string;
  readonly method: string;
  readonly host: string;
  /** With `{name}` where parameters stood. */
  readonly path: string;
}

/** Where events go. Called once for each; what it throws is not heard. */
export type OutboundLog = (event: OutboundEvent) => void;
