import { z } from 'zod';
import type { AccessService } from '../../access/index.js';
import { type Actor, type Clock, checkInput, type Instant } from '../../kernel/index.js';
import type { ScheduleStore, StoredSchedule } from './schedule-store.js';

/** A schedule as people see it. */
export interface Schedule extends Omit<StoredSchedule, 'version'> {
  /** It was due ten minutes ago and nobody looked: no process that runs has it any more. */
  readonly stopped: boolean;
}

export interface ScheduleListQuery {
  /** `next` of the page before. */
  readonly after?: string;
  /** 1 to 500; 50 when absent. */
  readonly limit?: number;
}

export interface SchedulePage {
  readonly schedules: readonly Schedule[];
  /** Continues the list as `after`; null on the last page. */
  readonly next: string | null;
}

export interface ScheduleServicePorts {
  readonly access: AccessService;
  readonly schedules: ScheduleStore;
  readonly clock: Clock;
}

const defaultLimit = 50;
const silentMillis = 600_000;
const queryShape: z.ZodType<ScheduleListQuery> = z.strictObject({
  after: z.string().min(1).max(100).exactOptional(),
  limit: z.int().min(1).max(500).exactOptional(),
});

/** Tells of the schedules that processes of the store look after. */
export class ScheduleService {
  readonly #ports: ScheduleServicePorts;

  constructor(ports: ScheduleServicePorts) {
    this.#ports = ports;
  }

  /**
   * Schedules by name, with when they last ran and run next: those that a worker or a tick has looked after in the last 30 days. Needs
   * `jobs.read`.
   * @throws LmsError `INPUT_INVALID`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async schedules(actor: Actor, query: ScheduleListQuery = {}): Promise<SchedulePage> {
    await this.#ports.access.require(actor, 'jobs.read');
    const { limit = defaultLimit, after } = checkInput(queryShape, query, 'schedules cannot be listed');
    const found = await this.#ports.schedules.list({ limit: limit + 1, ...(after === undefined ? {} : { after }) });
    const shown = found.slice(0, limit).map((schedule) => this.#shown(schedule));
    return { schedules: shown, next: found.length > limit ? (shown.at(-1)?.name ?? null) : null };
  }

  #shown({ version: _version, ...schedule }: StoredSchedule): Schedule {
    return { ...schedule, stopped: this.#isSilentSince(schedule.nextAt) };
  }

  #isSilentSince(nextAt: Instant): boolean {
    return this.#ports.clock.now() - Date.parse(nextAt) > silentMillis;
  }
}
