import { z } from 'zod';
import {
  type Actor,
  type Clock,
  checkInput,
  type ErrorCode,
  type Instant,
  isId,
  LmsError,
  quoted,
} from '../kernel/index.js';
import type { DataKeyRing, Vault } from '../privacy/index.js';
import type { ExchangeEnd, ExchangeStore, ExchangeSummary, StoredExchange } from './exchange-store.js';
import type { RecordedMessage } from './recorded-message.js';

/** Who may read records is decided by access. */
export interface ExchangeGate {
  /** @throws LmsError `ACTOR_UNKNOWN`, `PERMISSION_DENIED` */
  require(actor: Actor, permission: 'exchanges.read'): Promise<{ readonly masked: boolean }>;
}

export interface ExchangePorts {
  readonly access: ExchangeGate;
  readonly exchanges: ExchangeStore;
  readonly dataKeys: DataKeyRing;
  readonly vault: Vault;
  readonly clock: Clock;
}

/**
 * How a call stands: `unknown` when its record was never ended, since the process that made it died or its store was down; the
 * other system may have done what was asked.
 */
export type ExchangeState = 'running' | 'unknown' | 'answered' | 'failed';

/** The record of a call, without its content. */
export interface Exchange extends Omit<ExchangeSummary, 'end' | 'attempts'> {
  readonly state: ExchangeState;
  /** Of a call that failed. */
  readonly code: ErrorCode | null;
  /** How often it was tried; null while that is not known, as the call has not ended or nobody wrote its end down. */
  readonly attempts: number | null;
}

/** Why there is content, or none: it is masked for who reads, its subject was erased, or it was never kept for want of a subject with a key. */
export type ContentState = 'shown' | 'masked' | 'erased' | 'not-kept';

/** The record of a call with its content, where that may be read. */
export interface ExchangeWithContent extends Exchange {
  readonly content: ContentState;
  readonly request: RecordedMessage | null;
  readonly response: RecordedMessage | null;
}

export interface ExchangeListQuery {
  readonly target?: string;
  readonly purpose?: string;
  readonly subject?: { readonly kind: string; readonly id: string };
  /** `answered`, `open` (running or unknown), or the code of a failure. */
  readonly end?: ExchangeEnd;
  /** Begun from inclusive, to exclusive. */
  readonly from?: Instant;
  readonly to?: Instant;
  /** `next` of the page before. */
  readonly after?: string;
  /** 1 to 500; 50 when absent. */
  readonly limit?: number;
}

/** Records, newest first. */
export interface ExchangePage {
  readonly exchanges: readonly Exchange[];
  /** Continues the list as `after`; null on the last page. */
  readonly next: string | null;
}

const defaultLimit = 50;

/** No call takes longer, whatever its target says: an open record that is older belongs to a process that is gone. */
const longestCallMillis = 15 * 60_000;

const word = z.string().min(1).max(100);
const instant = z.iso.datetime({
  precision: 3,
  error: 'expected an instant in UTC with milliseconds, such as 2026-01-31T09:30:00.000Z',
});
const queryShape: z.ZodType<ExchangeListQuery> = z.strictObject({
  target: word.exactOptional(),
  purpose: word.exactOptional(),
  subject: z.strictObject({ kind: word, id: word }).exactOptional(),
  end: z
    .custom<ExchangeEnd>((given) => typeof given === 'string' && /^(open|answered|[A-Z_]{3,60})$/.test(given))
    .exactOptional(),
  from: instant.exactOptional(),
  to: instant.exactOptional(),
  after: z.string().refine(isId, { error: 'expected what an earlier page gave as next' }).exactOptional(),
  limit: z.int().min(1).max(500).exactOptional(),
});

/** Reads the records of calls to other systems. */
export class ExchangeService {
  readonly #ports: ExchangePorts;

  constructor(ports: ExchangePorts) {
    this.#ports = ports;
  }

  /** Needs `exchanges.read`. @throws LmsError `PERMISSION_DENIED`, `ACTOR_UNKNOWN`, `INPUT_INVALID` */
  async list(actor: Actor, query: ExchangeListQuery = {}): Promise<ExchangePage> {
    await this.#ports.access.require(actor, 'exchanges.read');
    const { limit = defaultLimit, ...checked } = checkInput(queryShape, query, 'calls cannot be listed');
    const found = await this.#ports.exchanges.list({ ...checked, limit: limit + 1 });
    const exchanges = found.slice(0, limit).map((stored) => this.#shown(stored));
    return { exchanges, next: found.length > limit ? (exchanges.at(-1)?.id ?? null) : null };
  }

  /**
   * One record, with what was sent and answered unless it is masked for the actor. Needs `exchanges.read`.
   * @throws LmsError `EXCHANGE_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async get(actor: Actor, id: string): Promise<ExchangeWithContent> {
    const { masked } = await this.#ports.access.require(actor, 'exchanges.read');
    const stored = isId(id) ? await this.#ports.exchanges.get(id) : null;
    if (stored === null) throw new LmsError('EXCHANGE_NOT_FOUND', { message: `there is no call ${quoted(id)}` });
    const { sealedRequest: _request, sealedResponse: _response, ...summary } = stored;
    return { ...this.#shown(summary), ...(await this.#contentOf(stored, masked)) };
  }

  async #contentOf(
    { subject, sealedRequest, sealedResponse }: StoredExchange,
    masked: boolean,
  ): Promise<Pick<ExchangeWithContent, 'content' | 'request' | 'response'>> {
    const none = (content: ContentState): Pick<ExchangeWithContent, 'content' | 'request' | 'response'> => ({
      content,
      request: null,
      response: null,
    });
    if (subject === null || sealedRequest === null) return none('not-kept');
    if (masked) return none('masked');
    const key = (await this.#ports.dataKeys.keysFor(null, subject.kind, [subject.id])).get(subject.id);
    if (key === undefined) return none('erased');
    const open = (sealed: string): RecordedMessage => JSON.parse(this.#ports.vault.open(key, sealed));
    return {
      content: 'shown',
      request: open(sealedRequest),
      response: sealedResponse === null ? null : open(sealedResponse),
    };
  }

  #shown({ end, ...stored }: ExchangeSummary): Exchange {
    if (end === 'answered') return { ...stored, state: 'answered', code: null };
    if (end !== 'open') return { ...stored, state: 'failed', code: end };
    const age = this.#ports.clock.now() - Date.parse(stored.startedAt);
    return { ...stored, state: age > longestCallMillis ? 'unknown' : 'running', code: null, attempts: null };
  }
}
