import type { Instant } from '../../foundation/kernel/index.js';

/** How far the trail is sealed: now, by the name `now`, and at the end of a day, by the day. */
export interface AuditHeadsTable {
  name: string;
  position: number;
  chain_hash: string;
  at: Instant;
  mac: string;
}
