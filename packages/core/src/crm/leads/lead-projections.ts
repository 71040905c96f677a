import { z } from 'zod';
import type { LeadId } from '../../foundation/kernel/index.js';
import type { Carried, Projection, Unit } from '../../foundation/persistence/index.js';
import type { LeadFacts, LeadFactsStore, MoveStore } from './lead-facts-store.js';
import type { LeadStore, StoredLead } from './lead-store.js';

/** What the read models hold of a lead: its whole state at its version. */
export function factsOf(lead: StoredLead): LeadFacts {
  return {
    leadId: lead.id,
    version: lead.version,
    number: lead.number,
    numberMonth: lead.numberMonth,
    numberSeq: lead.numberSeq,
    productLine: lead.productLine,
    stage: lead.stage,
    stageEnteredAt: lead.stageEnteredAt,
    status: lead.status,
    region: lead.region,
    source: lead.source,
    channel: lead.channel,
    campaign: lead.campaign,
    score: lead.score,
    amountPaise: lead.amountPaise,
    tasksDone: lead.tasks.filter((task) => task.status === 'completed' || task.status === 'skipped').length,
    tasksTotal: lead.tasks.filter((task) => task.status !== 'cancelled').length,
    sealedName: lead.sealedName,
    createdAt: lead.createdAt,
    updatedAt: lead.updatedAt,
    firstResponseAt: lead.firstResponseAt,
    decidedAt: lead.wonAt ?? lead.lostAt,
    wonAt: lead.wonAt,
    lostAt: lead.lostAt,
    deletedAt: lead.deletedAt,
    collaboratorIds: lead.collaboratorIds,
    stays: lead.history.map((entry, sequence) => ({
      sequence,
      stage: entry.stage,
      enteredAt: entry.enteredAt,
      exitedAt: entry.exitedAt,
    })),
    index: lead.index,
  };
}

/** The key under which a command carries a lead it has just written. */
export function carriedLead(lead: StoredLead): readonly [string, StoredLead] {
  return [`lead:${lead.id}`, lead];
}

/** Keeps `lead_facts`, stage stays and the field index in step with the leads. */
export function leadFactsProjection(ports: { leads: LeadStore; facts: LeadFactsStore }): Projection {
  return {
    name: 'lead-facts',
    home: 'ledger',
    handles: (event) => event.aggregate.kind === 'lead',
    async project(unit, events, carried) {
      const ids = [...new Set(events.map((event) => event.aggregate.id as LeadId))];
      await ports.facts.project(unit, (await currentLeads(ports.leads, unit, ids, carried)).map(factsOf));
    },
  };
}

/** Leads by id, in any order: those that the command has just written and carried along, the others read. */
export async function currentLeads(
  leads: LeadStore,
  unit: Unit,
  ids: readonly LeadId[],
  carried: Carried,
): Promise<readonly StoredLead[]> {
  const known = ids.flatMap((id) => leadCarried(carried, id) ?? []);
  const missing = ids.filter((id) => leadCarried(carried, id) === undefined);
  const read = missing.length === 0 ? [] : await leads.get(unit.bothHomes ? unit : null, missing);
  return [...known, ...read];
}

function leadCarried(carried: Carried, id: LeadId): StoredLead | undefined {
  const aggregate = carried.get(`lead:${id}`);
  return isStoredLead(aggregate) ? aggregate : undefined;
}

function isStoredLead(aggregate: unknown): aggregate is StoredLead {
  return typeof aggregate === 'object' && aggregate !== null && 'numberSeq' in aggregate;
}

/** Writes each change of stage into the ledger once. */
export function movesProjection(moves: MoveStore): Projection {
  return {
    name: 'moves',
    home: 'ledger',
    handles: (event) => event.type === 'lead.created' || event.type === 'lead.stage_changed',
    async project(unit, events) {
      await moves.insert(
        unit,
        events.map((event) => {
          const data = moveData.parse(event.data);
          return {
            eventId: event.id,
            leadId: event.aggregate.id as LeadId,
            productLine: data.productLine,
            pipelineVersion: data.pipelineVersion,
            from: data.from,
            to: data.to,
            at: event.at,
            actor: event.actor,
          };
        }),
      );
    },
  };
}

/** What `lead.created` and `lead.stage_changed` say about the stage. */
export interface MoveData {
  readonly productLine: string;
  readonly pipelineVersion: number;
  readonly from: string | null;
  readonly to: string;
}

const moveData: z.ZodType<MoveData> = z.object({
  productLine: z.string(),
  pipelineVersion: z.number().int(),
  from: z.string().nullable(),
  to: z.string(),
});
