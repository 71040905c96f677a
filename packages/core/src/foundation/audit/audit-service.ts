import { z } from 'zod';
import { type Actor, type ActorRef, checkInput, type Instant, isId } from '../kernel/index.js';
import type { AuditRow, AuditStore } from './audit-store.js';

/** Who may read the trail is decided by access, which stands above this folder. */
export interface AuditGate {
  /** @throws LmsError `ACTOR_UNKNOWN`, `PERMISSION_DENIED` */
  require(actor: Actor, permission: 'audit.read'): Promise<unknown>;
}

export interface AuditPorts {
  readonly audit: AuditStore;
  readonly access: AuditGate;
}

export interface AuditListQuery {
  readonly aggregateKind?: string;
  readonly aggregateId?: string;
  readonly actor?: ActorRef;
  readonly eventType?: string;
  /** From inclusive, to exclusive. */
  readonly from?: Instant;
  readonly to?: Instant;
  /** `next` of the page before. */
  readonly after?: string;
  /** 1 to 500 rows; 50 when absent. */
  readonly limit?: number;
}

/** Rows, newest first. */
export interface AuditPage {
  readonly rows: readonly AuditRow[];
  /** Continues the list as `after`; null on the last page. */
  readonly next: string | null;
}

const defaultLimit = 50;
const mostRows = 500;

const word = z.string().min(1).max(200);
/** Instants are compared as text, so another spelling would silently find other rows. */
const instant = z.iso.datetime({
  precision: 3,
  error: 'expected an instant in UTC with milliseconds, such as 2026-01-31T09:30:00.000Z',
});

const queryShape: z.ZodType<AuditListQuery> = z.strictObject({
  aggregateKind: word.exactOptional(),
  aggregateId: word.exactOptional(),
  actor: word.exactOptional(),
  eventType: word.exactOptional(),
  from: instant.exactOptional(),
  to: instant.exactOptional(),
  after: z.string().refine(isId, { error: 'expected what an earlier page gave as next' }).exactOptional(),
  limit: z.int().min(1).max(mostRows).exactOptional(),
});

/** Reads the trail. Personal data in it is masked or sealed. */
export class AuditService {
  readonly #audit: AuditStore;
  readonly #access: AuditGate;

  constructor(ports: AuditPorts) {
    this.#audit = ports.audit;
    this.#access = ports.access;
  }

  /**
   * Needs `audit.read`.
   * @throws LmsError `PERMISSION_DENIED`, `ACTOR_UNKNOWN`, `INPUT_INVALID`
   */
  async list(actor: Actor, query: AuditListQuery = {}): Promise<AuditPage> {
    await this.#access.require(actor, 'audit.read');
    const { limit = defaultLimit, ...checked } = checkInput(queryShape, query, 'the trail cannot be listed');
    const found = await this.#audit.list({ ...checked, limit: limit + 1 });
    const rows = found.slice(0, limit);
    return { rows, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
  }
}
