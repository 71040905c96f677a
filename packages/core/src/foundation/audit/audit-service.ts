import { z } from 'zod';
import { type Actor, type ActorRef, checkInput, type Instant, instantShape, isId } from '../kernel/index.js';
import type { TrailHead } from './audit-chain-store.js';
import type { AuditRow, AuditStore } from './audit-store.js';
import {
  type ExportedTrail,
  exportTrail,
  type TrailExportOptions,
  type TrailExportPorts,
  type TrailExportRequest,
} from './trail-export.js';
import type { SealRound, TrailSealer } from './trail-sealer.js';
import {
  type TrailVerifierPorts,
  type TrailVerifyOptions,
  type TrailVerifyRequest,
  type VerifiedTrail,
  verifyTrail,
} from './trail-verifier.js';

/** Who may read the trail is decided by access, which stands above this folder. */
export interface AuditGate {
  /** @throws LmsError `ACTOR_UNKNOWN`, `PERMISSION_DENIED` */
  require(actor: Actor, permission: 'audit.read' | 'audit.seal' | 'audit.export'): Promise<unknown>;
}

export interface AuditPorts extends TrailVerifierPorts, TrailExportPorts {
  readonly audit: AuditStore;
  readonly sealer: TrailSealer;
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

const queryShape: z.ZodType<AuditListQuery> = z.strictObject({
  aggregateKind: word.exactOptional(),
  aggregateId: word.exactOptional(),
  actor: word.exactOptional(),
  eventType: word.exactOptional(),
  from: instantShape.exactOptional(),
  to: instantShape.exactOptional(),
  after: z.string().refine(isId, { error: 'expected what an earlier page gave as next' }).exactOptional(),
  limit: z.int().min(1).max(mostRows).exactOptional(),
});

/** Reads the trail, seals it and verifies it. Personal data in it is masked or sealed. */
export class AuditService {
  readonly #ports: AuditPorts;

  constructor(ports: AuditPorts) {
    this.#ports = ports;
  }

  /**
   * Needs `audit.read`.
   * @throws LmsError `PERMISSION_DENIED`, `ACTOR_UNKNOWN`, `INPUT_INVALID`
   */
  async list(actor: Actor, query: AuditListQuery = {}): Promise<AuditPage> {
    await this.#ports.access.require(actor, 'audit.read');
    const { limit = defaultLimit, ...checked } = checkInput(queryShape, query, 'the trail cannot be listed');
    const found = await this.#ports.audit.list({ ...checked, limit: limit + 1 });
    const rows = found.slice(0, limit);
    return { rows, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
  }

  /**
   * Where the sealed trail ends; null before anything was sealed. Publish it where whoever can write into the store cannot: a trail that
   * is cut or made anew does not go on from it. Needs `audit.read`.
   * @throws LmsError `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async head(actor: Actor): Promise<TrailHead | null> {
    await this.#ports.access.require(actor, 'audit.read');
    return this.#ports.sealer.head();
  }

  /**
   * Seals at most 10,000 rows that wait, as housekeeping does by itself; any number of callers at once, in any number of processes, make one
   * chain. Needs `audit.seal`.
   * @throws LmsError `PERMISSION_DENIED`, `ACTOR_UNKNOWN`, `AUDIT_HEAD_INVALID`
   */
  async seal(actor: Actor): Promise<SealRound> {
    await this.#ports.access.require(actor, 'audit.seal');
    return this.#ports.sealer.sealRound();
  }

  /**
   * Reads the sealed trail and names every row that was changed, removed, inserted or reordered, and an end that was cut off, as far as its
   * hashes, its signed heads and a published one show. Memory does not grow with the trail. Needs no data key, so erased leads do not
   * matter. Needs `audit.read`.
   * @throws LmsError `PERMISSION_DENIED`, `ACTOR_UNKNOWN`, `INPUT_INVALID`
   */
  async verify(
    actor: Actor,
    request: TrailVerifyRequest = {},
    options: TrailVerifyOptions = {},
  ): Promise<VerifiedTrail> {
    await this.#ports.access.require(actor, 'audit.read');
    return verifyTrail(this.#ports, request, options);
  }

  /**
   * Writes the sealed rows with their hashes into a file, from which an outsider can verify them without LMS. Rows that are not sealed yet
   * are left out. Needs `audit.export`; each export is in the trail itself.
   * @throws LmsError `PERMISSION_DENIED`, `ACTOR_UNKNOWN`, `INPUT_INVALID`, `EXPORT_FILE_EXISTS`, `EXPORT_NOT_WRITTEN`, `COMMAND_ABORTED`
   */
  async export(actor: Actor, request: TrailExportRequest, options: TrailExportOptions = {}): Promise<ExportedTrail> {
    await this.#ports.access.require(actor, 'audit.export');
    return exportTrail(this.#ports, { actor, request }, options);
  }
}
