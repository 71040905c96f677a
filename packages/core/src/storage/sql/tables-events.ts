import type { Generated } from 'kysely';
import type { ConsumerStatus } from '../../foundation/events/consumer-store.js';
import type { Instant } from '../../foundation/kernel/index.js';

/** How far the consumers of events are, by name. */
export interface EventConsumersTable {
  name: string;
  id: string;
  position: number;
  status: ConsumerStatus;
  fence: number;
  holder: string | null;
  lease_until: Instant | null;
  attempts: number;
  retry_at: Instant | null;
  last_error: string | null;
  failed_position: number | null;
  created_at: Instant;
  updated_at: Instant;
  format: Generated<number>;
}
