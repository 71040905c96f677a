import { type Clock, type DomainEvent, toInstant } from '../kernel/index.js';
import type {
  Carried,
  EventDraft,
  EventRecorder,
  Step,
  StepOutcome,
  StepOutcomes,
  StepResult,
  Unit,
} from '../persistence/index.js';

export interface StepRunnerPorts {
  readonly steps: readonly Step[];
  readonly outcomes: StepOutcomes;
  readonly events: EventRecorder;
  readonly clock: Clock;
}

/** Takes steps in a unit of the ledger, records what became of them, and tells what refusals take back. */
export class StepRunner {
  readonly #ports: StepRunnerPorts;

  constructor(ports: StepRunnerPorts) {
    this.#ports = ports;
  }

  handles(event: DomainEvent): boolean {
    return this.#ports.steps.some((step) => step.handles(event));
  }

  /** @param told true for events that may have been delivered before; those of the unit itself cannot have been */
  async take(unit: Unit, events: readonly DomainEvent[], carried: Carried, told: boolean): Promise<void> {
    for (const step of this.#ports.steps) {
      const handled = events.filter((event) => step.handles(event));
      const open = told ? await this.#withoutOutcome(unit, step, handled) : handled;
      if (open.length > 0) await this.#takeOne(unit, step, open, carried);
    }
  }

  async #withoutOutcome(unit: Unit, step: Step, events: readonly DomainEvent[]): Promise<readonly DomainEvent[]> {
    if (events.length === 0) return events;
    const byId = new Map(events.map((event) => [event.id as string, event]));
    const found = await this.#ports.outcomes.find(unit, step.name, [...byId.keys()]);
    for (const { eventId } of found) byId.delete(eventId);
    return [...byId.values()];
  }

  async #takeOne(unit: Unit, step: Step, events: readonly DomainEvent[], carried: Carried): Promise<void> {
    const results = await step.take(unit, events, carried);
    const at = toInstant(this.#ports.clock.now());
    await this.#ports.outcomes.insert(
      unit,
      results.map((result) => outcomeOf(step.name, result, at)),
    );
    const drafts = results.flatMap(compensationOf);
    if (drafts.length > 0) await this.#ports.events.record(unit, drafts);
  }
}

function outcomeOf(step: string, result: StepResult, at: StepOutcome['at']): StepOutcome {
  const { event, outcome } = result;
  const why = result.outcome === 'refused' ? result : { code: null, reason: null };
  return { eventId: event.id, step, outcome, code: why.code, reason: why.reason, at };
}

/** The refusal's event belongs with the request that began it. */
function compensationOf(result: StepResult): readonly EventDraft[] {
  if (result.outcome === 'done' || result.compensation === null) return [];
  const { id, correlationId } = result.event;
  return [{ ...result.compensation, causationId: id, correlationId }];
}
