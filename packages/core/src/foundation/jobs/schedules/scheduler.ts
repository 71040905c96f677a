import { type Clock, systemActor } from '../../kernel/index.js';
import type { UnitOfWork } from '../../persistence/index.js';
import type { JobQueue } from '../queue/index.js';
import type { CheckedSchedule } from './job-schedule.js';
import { scheduleDecision } from './schedule-decision.js';
import type { ScheduleStore, StoredSchedule } from './schedule-store.js';

export interface SchedulerPorts {
  readonly schedules: ScheduleStore;
  readonly queue: JobQueue;
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
}

/** Another process was first; its unit stands. */
class ScheduleMoved extends Error {}

/** In whose name scheduled jobs run. */
const scheduler = systemActor('scheduler');

/**
 * Adds the jobs of schedules when they are due. The job and the next time of its schedule are written in one unit, so that each time has one
 * job however many processes look and whenever one is killed. While the job of an earlier time waits or runs, it is that of the next time, too.
 */
export class Scheduler {
  readonly #ports: SchedulerPorts;
  readonly #plans: readonly CheckedSchedule[];
  readonly #names: readonly string[];

  constructor(ports: SchedulerPorts, plans: readonly CheckedSchedule[]) {
    this.#ports = ports;
    this.#plans = plans;
    this.#names = plans.map(({ name }) => name);
  }

  /**
   * One look at all schedules of this process; what one meets does not keep the others from being looked at.
   * @returns how many ran
   * @throws LmsError `STORE_*`
   */
  async runDue(): Promise<number> {
    if (this.#names.length === 0) return 0;
    const { schedules, clock } = this.#ports;
    const kept = new Map((await schedules.find(this.#names)).map((schedule) => [schedule.name, schedule]));
    let ran = 0;
    const errors: unknown[] = [];
    for (const plan of this.#plans) {
      try {
        if (await this.#look(plan, kept.get(plan.name) ?? null, clock.now())) ran += 1;
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
    return ran;
  }

  /** @returns whether it ran */
  async #look(plan: CheckedSchedule, kept: StoredSchedule | null, now: number): Promise<boolean> {
    const decision = scheduleDecision(plan, kept, now);
    if (decision === null) return false;
    const { schedules, queue, unitOfWork } = this.#ports;
    const { schedule, runs } = decision;
    const { draft } = plan;
    try {
      await unitOfWork.run('ledger', async (unit) => {
        const lastJob = runs ? await queue.add(unit, scheduler, draft) : (kept?.lastJob ?? null);
        if (!(await schedules.save(unit, { ...schedule, lastJob }, kept?.version ?? 0))) throw new ScheduleMoved();
      });
    } catch (error) {
      if (error instanceof ScheduleMoved) return false;
      throw error;
    }
    if (runs) queue.wake([draft.kind]);
    return runs;
  }
}
