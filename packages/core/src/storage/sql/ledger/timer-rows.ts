import type { Selectable } from 'kysely';
import type { NewTimer, StoredTimer, WorkingSpan } from '../../../foundation/jobs/timers/timer-store.js';
import type { ActorVia, Json } from '../../../foundation/kernel/index.js';
import { readJson, readJsonOrNull, writeJson, writeJsonOrNull } from '../json-text.js';
import type { TimersTable } from '../tables-timers.js';

export type TimerRow = Omit<Selectable<TimersTable>, 'format'>;

type TimerColumn = keyof TimerRow & string;

/** The key first. */
export const timerColumns: readonly [TimerColumn, ...TimerColumn[]] = [
  'timer_key',
  'id',
  'due_at',
  'fire_at',
  'stuck',
  'calendar',
  'calendar_version',
  'counts_from',
  'working_millis',
  'attempts',
  'last_error',
  'event_type',
  'aggregate_kind',
  'aggregate_id',
  'aggregate_version',
  'data',
  'actor',
  'via',
  'correlation_id',
  'set_at',
] as const;

/** The row of a timer that was just set. */
export function timerRowOf({ event, via, working, ...timer }: NewTimer): TimerRow {
  return {
    timer_key: timer.key,
    id: timer.id,
    due_at: timer.dueAt,
    fire_at: timer.dueAt,
    stuck: 0,
    calendar: working?.calendar ?? null,
    calendar_version: working?.version ?? null,
    counts_from: working?.from ?? null,
    working_millis: working?.millis ?? null,
    attempts: 0,
    last_error: null,
    event_type: event.type,
    aggregate_kind: event.aggregate.kind,
    aggregate_id: event.aggregate.id,
    aggregate_version: event.aggregate.version,
    data: writeJson(event.data),
    actor: timer.actor,
    via: writeJsonOrNull(via),
    correlation_id: timer.correlationId,
    set_at: timer.setAt,
  };
}

export function timerOf(row: TimerRow): StoredTimer {
  const aggregate = { kind: row.aggregate_kind, id: row.aggregate_id, version: row.aggregate_version };
  return {
    key: row.timer_key,
    id: row.id,
    dueAt: row.due_at,
    fireAt: row.fire_at,
    stuck: row.stuck === 1,
    working: workingOf(row),
    attempts: row.attempts,
    lastError: row.last_error,
    event: { type: row.event_type, aggregate, data: readJson<Json>(row.data) },
    actor: row.actor,
    via: readJsonOrNull<ActorVia>(row.via),
    correlationId: row.correlation_id,
    setAt: row.set_at,
  };
}

function workingOf(row: TimerRow): WorkingSpan | null {
  const { calendar, calendar_version: version, counts_from: from, working_millis: millis } = row;
  if (calendar === null || version === null || from === null || millis === null) return null;
  return { calendar, version, from, millis };
}
