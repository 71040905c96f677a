import { z } from 'zod';
import type { AuditStore } from '../audit/index.js';
import { type Clock, durationMillis, durationText, type Finding, type Instant, LmsError } from '../kernel/index.js';

export interface BackupSettings {
  /**
   * How old the last backup may be before {@link BackupHealth} and the findings of a check say that one is missing: `26h` for a nightly one.
   * A whole number and `s`, `m`, `h` or `d`. Without it they tell when the last one was made, and nothing more.
   */
  readonly warnAfter?: string;
}

/** A backup that was made whole, as the trail has it. */
export interface LastBackup {
  readonly backupId: string;
  /** Its rows are of then, or later where it waited for another of its process to end. */
  readonly createdAt: Instant;
  /** Its name, without its folder. */
  readonly file: string;
  readonly ageMillis: number;
}

/** Whether backups of this store are made. */
export interface BackupHealth {
  /** False when the last one, or the store without any, is older than what is configured. */
  readonly ok: boolean;
  /** null where none was made. */
  readonly last: LastBackup | null;
  /** null where no age is configured. */
  readonly warnAfterMillis: number | null;
}

export interface BackupHealthPorts {
  readonly audit: AuditStore;
  readonly clock: Clock;
  readonly warnAfterMillis: number | null;
}

const rowsAtOnce = 50;

const doneShape: z.ZodType<{ readonly status: 'completed'; readonly file: string; readonly madeAt?: Instant }> =
  z.object({ status: z.literal('completed'), file: z.string(), madeAt: z.string().exactOptional() });

/** @throws LmsError `CONFIG_INVALID` for what is no span of time */
export function warnAfterOf({ warnAfter }: BackupSettings): number | null {
  if (warnAfter === undefined) return null;
  const millis = durationMillis(warnAfter);
  if (millis !== null) return millis;
  throw new LmsError('CONFIG_INVALID', {
    message: 'backups.warnAfter is no span of time such as 26h',
    path: 'backups.warnAfter',
  });
}

/** What the trail knows of backups, wherever they were written to and whoever made them. */
export async function backupHealth(ports: BackupHealthPorts): Promise<BackupHealth> {
  const { clock, warnAfterMillis } = ports;
  const last = await lastBackup(ports);
  if (warnAfterMillis === null) return { ok: true, last, warnAfterMillis };
  if (last !== null) return { ok: last.ageMillis <= warnAfterMillis, last, warnAfterMillis };
  return { ok: !(await isOlderThan(ports, clock.now() - warnAfterMillis)), last, warnAfterMillis };
}

/** The newest that was made whole. Those that failed or were stopped are passed over. */
async function lastBackup({ audit, clock }: Pick<BackupHealthPorts, 'audit' | 'clock'>): Promise<LastBackup | null> {
  const query = { aggregateKind: 'backup', eventType: 'store.backed_up', limit: rowsAtOnce };
  for (let after: string | null = null; ; ) {
    const rows = await audit.list(after === null ? query : { ...query, after });
    for (const { at, aggregate, changes } of rows) {
      const done = doneShape.safeParse(changes);
      if (!done.success) continue;
      const { file, madeAt = at } = done.data;
      return { backupId: aggregate.id, createdAt: madeAt, file, ageMillis: clock.now() - Date.parse(madeAt) };
    }
    const end = rows.at(-1);
    if (end === undefined || rows.length < rowsAtOnce) return null;
    after = end.id;
  }
}

/** Whether the trail tells of anything from before; its ids begin with their time. */
async function isOlderThan({ audit }: BackupHealthPorts, epochMillis: number): Promise<boolean> {
  const time = Math.max(0, epochMillis).toString(16).padStart(12, '0');
  const after = `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
  return (await audit.list({ after, limit: 1 })).length > 0;
}

/** {@link BackupHealth} for people: one line of a health check. */
export function backupFinding({ ok, last, warnAfterMillis }: BackupHealth): Finding {
  const made =
    last === null
      ? 'none was made yet'
      : `the last is ${durationText(last.ageMillis)} old (${last.file}, ${last.createdAt})`;
  if (last === null && ok) return { name: 'backups', ok, message: `${made}; lms backup makes one` };
  if (ok || warnAfterMillis === null) return { name: 'backups', ok, message: made };
  const late = `there should be one every ${durationText(warnAfterMillis)}: run lms backup, and see why what should run it does not`;
  return { name: 'backups', ok, message: `${made}; ${late}` };
}
