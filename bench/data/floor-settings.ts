import type { Servers } from './servers.ts';

/**
 * What copies the log back into the file: commits do, when it has so many frames (SQLite's own default, and what our writer
 * starts with), or a thread on the second core does, as our writer's when it is busy.
 */
export const checkpoints = ['at 1000 frames', 'at 4000 frames', 'by a thread'] as const;
export type Checkpoint = (typeof checkpoints)[number];

/** In which order a transaction writes its rows. */
export const rowOrders = ['lead by lead', 'table by table'] as const;
export type RowOrder = (typeof rowOrders)[number];

export interface FloorSettings {
  /** A store that an import has filled. */
  readonly source: string;
  /** Must not exist yet. */
  readonly file: string;
  readonly leadsPerTransaction: number;
  readonly checkpoint: Checkpoint;
  readonly order: RowOrder;
}

export interface ServersFloorSettings {
  /** A store that an import has filled. */
  readonly source: Servers;
  readonly servers: Servers;
  readonly leadsPerTransaction: number;
  /** Batches that are under way at once. */
  readonly atOnce: number;
}
