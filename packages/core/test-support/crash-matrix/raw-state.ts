import { z } from 'zod';

const whole = z.int();
const textOrNull = z.string().nullable();

const lead = z.object({
  id: z.string(),
  version: whole,
  number: z.string(),
  numberMonth: z.string(),
  numberSeq: whole,
  productLine: z.string(),
  status: z.string(),
  stage: z.string(),
  stageEnteredAt: z.string(),
  source: z.string(),
  channel: textOrNull,
  campaign: textOrNull,
  score: z.number().nullable(),
  region: textOrNull,
  amountPaise: whole.nullable(),
  sealedName: textOrNull,
  createdAt: z.string(),
  updatedAt: z.string(),
  firstResponseAt: textOrNull,
  wonAt: textOrNull,
  lostAt: textOrNull,
  deletedAt: textOrNull,
  collaboratorIds: z.array(z.string()),
  tasks: z.array(z.object({ template: z.string(), status: z.string() })),
  activities: z.array(z.object({ id: z.string(), type: z.string() })),
  activityCount: whole,
  history: z.array(z.object({ stage: z.string(), enteredAt: z.string(), exitedAt: textOrNull })),
  index: z.array(z.object({ field: z.string(), number: z.number().nullable(), text: textOrNull, hash: textOrNull })),
  ownerId: textOrNull,
  partner: textOrNull,
  placementVersion: whole,
});

const facts = z.object({
  leadId: z.string(),
  version: whole,
  presence: whole,
  number: z.string(),
  numberMonth: z.string(),
  numberSeq: whole,
  productLine: z.string(),
  stage: z.string(),
  stageEnteredAt: z.string(),
  status: z.string(),
  region: textOrNull,
  source: z.string(),
  channel: textOrNull,
  campaign: textOrNull,
  score: z.number().nullable(),
  amountPaise: whole.nullable(),
  tasksDone: whole,
  tasksTotal: whole,
  sealedName: textOrNull,
  createdAt: z.string(),
  updatedAt: z.string(),
  firstResponseAt: textOrNull,
  decidedAt: textOrNull,
  wonAt: textOrNull,
  lostAt: textOrNull,
  deletedAt: textOrNull,
  ownerId: textOrNull,
  partner: textOrNull,
  placementVersion: whole,
});

const taken = z.array(
  z.object({ run: z.string(), firstRow: whole, count: whole, numberMonth: z.string(), firstNumberSeq: whole }),
);

const state = z.object({
  leads: z.array(lead),
  oldActivities: z.array(z.object({ leadId: z.string(), id: z.string() })),
  uniqueKeys: z.array(z.object({ scope: z.string(), rule: z.string(), hash: z.string(), holderId: z.string() })),
  dataKeys: z.array(z.object({ kind: z.string(), id: z.string() })),
  counters: z.array(z.object({ series: z.string(), last: whole })),
  facts: z.array(facts),
  collaborators: z.array(z.object({ leadId: z.string(), userId: z.string() })),
  stays: z.array(
    z.object({
      leadId: z.string(),
      sequence: whole,
      stage: z.string(),
      enteredAt: z.string(),
      exitedAt: textOrNull,
    }),
  ),
  index: z.array(
    z.object({
      leadId: z.string(),
      field: z.string(),
      ordinal: whole,
      numberValue: z.number().nullable(),
      textValue: textOrNull,
      hashValue: textOrNull,
    }),
  ),
  moves: z.array(
    z.object({ eventId: z.string(), leadId: z.string(), fromStage: textOrNull, toStage: z.string(), at: z.string() }),
  ),
  audit: z.array(
    z.object({
      id: z.string(),
      eventType: z.string(),
      aggregateKind: z.string(),
      aggregateId: z.string(),
      aggregateVersion: whole,
    }),
  ),
  placements: z.array(
    z.object({
      id: z.string(),
      leadId: z.string(),
      holderId: z.string(),
      status: z.string(),
      version: whole,
      exclusiveLeadId: textOrNull,
    }),
  ),
  outbox: z.array(z.object({ id: z.string() })),
  commands: z.array(
    z.object({
      scope: z.string(),
      key: z.string(),
      aggregateKind: z.string(),
      aggregateId: z.string(),
      version: whole,
    }),
  ),
  users: z.array(z.object({ id: z.string(), version: whole, teams: z.array(z.string()) })),
  userTeams: z.array(z.object({ userId: z.string(), team: z.string() })),
  lines: z.array(z.object({ slug: z.string(), revision: whole, schemaVersion: whole, pipelineVersion: whole })),
  definitions: z.array(z.object({ productLine: z.string(), part: z.string(), version: whole, body: z.string() })),
  mappings: z.array(z.object({ id: z.string(), name: z.string(), version: whole })),
  runs: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      version: whole,
      rowsRead: whole,
      created: whole,
      updated: whole,
      duplicates: whole,
      rejected: whole,
    }),
  ),
  receipts: z.array(z.object({ source: z.string(), batch: whole, version: whole, taken })),
});

/** Everything a store keeps that the invariants speak of, as it stands in tables and collections, read past all of LMS. */
export type RawState = z.infer<typeof state>;

export type RawLead = RawState['leads'][number];

/** Rows of each part as the engine gave them, keys in camel case. */
export type RawRows = { readonly [Part in keyof RawState]: readonly object[] };

/** @throws when a row is not as the schema describes it */
export function rawStateOf(rows: RawRows): RawState {
  return state.parse(rows);
}
