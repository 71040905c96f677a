import type { Actor, Json } from '../../foundation/kernel/index.js';
import type { EventRecorder, UnitOfWork } from '../../foundation/persistence/index.js';
import { type FieldContext, fieldByKey, fieldTypeOf, isSealed, type LineSchema } from '../fields/index.js';
import type { FieldFilter, LeadFilter } from '../leads/index.js';

export interface TrailPorts {
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
}

/** What the trail says of every export: who is the actor of the event. */
export interface ExportFacts {
  readonly productLine: string | null;
  readonly filter: Json;
  readonly columns: readonly string[];
  readonly personalColumns: readonly string[];
  readonly masked: boolean;
  readonly format: string;
  readonly to: 'file' | 'stream';
}

export interface ExportEnd {
  readonly status: 'completed' | 'stopped' | 'failed';
  /** Leads that were written, though a file that was not completed is gone. */
  readonly leads: number;
  readonly bytes: number;
  /** null when it was not completed. */
  readonly sha256: string | null;
}

/**
 * Tells the trail of one export: that it began, before the first lead leaves, and how it ended (`leads.exported`), also when it was
 * stopped or failed. A process that is killed leaves the first alone.
 */
export class ExportTrail {
  readonly #ports: TrailPorts;
  readonly #actor: Actor;
  readonly #id: string;
  readonly #facts: ExportFacts;

  constructor(ports: TrailPorts, about: { readonly actor: Actor; readonly id: string; readonly facts: ExportFacts }) {
    this.#ports = ports;
    this.#actor = about.actor;
    this.#id = about.id;
    this.#facts = about.facts;
  }

  async begin(): Promise<void> {
    await this.#tell('leads.export_started', 1, {});
  }

  async end(end: ExportEnd): Promise<void> {
    await this.#tell('leads.exported', 2, { ...end });
  }

  async #tell(type: string, version: number, end: Readonly<Record<string, Json>>): Promise<void> {
    const { unitOfWork, events } = this.#ports;
    const draft = {
      type,
      typeVersion: 1,
      aggregate: { kind: 'export', id: this.#id, version },
      actor: this.#actor,
      command: 'leads.export',
      data: { ...this.#facts, ...end },
      sealed: null,
    };
    await unitOfWork.run('ledger', async (unit) => {
      await events.record(unit, [draft]);
    });
  }
}

/** A filter as the trail may keep it: what looks for a person is masked. */
export function shownFilter(
  filter: LeadFilter,
  { schema, context }: { readonly schema: LineSchema | null; readonly context: FieldContext },
): Json {
  const { phone, email, where, ...plain } = filter;
  const mask = (key: string | undefined, input: unknown): string => masked(schema, key, input, context);
  const shown = {
    ...plain,
    ...(phone === undefined ? {} : { phone: mask(schema?.roles.phone, phone) }),
    ...(email === undefined ? {} : { email: mask(schema?.roles.email, email) }),
    ...(where === undefined ? {} : { where: where.map((one) => shownCondition(one, schema, mask)) }),
  };
  return JSON.parse(JSON.stringify(shown));
}

function shownCondition(
  condition: FieldFilter,
  schema: LineSchema | null,
  mask: (key: string, input: unknown) => string,
): FieldFilter {
  const field = schema === null ? undefined : fieldByKey(schema, condition.field);
  if (schema !== null && field !== undefined && !isSealed(schema, field)) return condition;
  const { value } = condition;
  const inputs: readonly unknown[] = Array.isArray(value) ? value : [value];
  return { ...condition, value: inputs.map((input) => mask(condition.field, input)) };
}

function masked(schema: LineSchema | null, key: string | undefined, input: unknown, context: FieldContext): string {
  const field = schema === null || key === undefined ? undefined : fieldByKey(schema, key);
  if (field === undefined) return '******';
  const type = fieldTypeOf(field);
  const read = type.parse(input, field, context);
  return read.ok && 'value' in read ? type.mask(read.value) : '******';
}
