import { z } from 'zod';

/** A lead as it stands in its document. */
export interface RawLead {
  readonly id: string;
  readonly version: number;
  readonly number: string;
  readonly numberMonth: string;
  readonly numberSeq: number;
  readonly productLine: string;
  readonly status: string;
  readonly stage: string;
  readonly stageEnteredAt: string;
  readonly source: string;
  readonly channel: string | null;
  readonly campaign: string | null;
  readonly score: number | null;
  readonly region: string | null;
  readonly amountPaise: number | null;
  readonly sealedName: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly firstResponseAt: string | null;
  readonly wonAt: string | null;
  readonly lostAt: string | null;
  readonly deletedAt: string | null;
  readonly collaboratorIds: readonly string[];
  readonly tasks: readonly { readonly template: string; readonly status: string }[];
  readonly activities: readonly { readonly id: string; readonly type: string }[];
  readonly activityCount: number;
  readonly history: readonly { readonly stage: string; readonly enteredAt: string; readonly exitedAt: string | null }[];
  readonly index: readonly {
    readonly field: string;
    readonly number: number | null;
    readonly text: string | null;
    readonly hash: string | null;
  }[];
  readonly ownerId: string | null;
  readonly partner: string | null;
  readonly placementVersion: number;
}

interface RawFacts {
  readonly leadId: string;
  readonly version: number;
  readonly presence: number;
  readonly number: string;
  readonly numberMonth: string;
  readonly numberSeq: number;
  readonly productLine: string;
  readonly stage: string;
  readonly stageEnteredAt: string;
  readonly status: string;
  readonly region: string | null;
  readonly source: string;
  readonly channel: string | null;
  readonly campaign: string | null;
  readonly score: number | null;
  readonly amountPaise: number | null;
  readonly tasksDone: number;
  readonly tasksTotal: number;
  readonly sealedName: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly firstResponseAt: string | null;
  readonly decidedAt: string | null;
  readonly wonAt: string | null;
  readonly lostAt: string | null;
  readonly deletedAt: string | null;
  readonly ownerId: string | null;
  readonly partner: string | null;
  readonly placementVersion: number;
}

/** Everything a store keeps that the invariants speak of, as it stands in tables and collections, read past all of LMS. */
export interface RawState {
  readonly leads: readonly RawLead[];
  readonly oldActivities: readonly { readonly leadId: string; readonly id: string }[];
  readonly uniqueKeys: readonly {
    readonly scope: string;
    readonly rule: string;
    readonly hash: string;
    readonly holderId: string;
  }[];
  readonly dataKeys: readonly { readonly kind: string; readonly id: string }[];
  readonly counters: readonly { readonly series: string; readonly last: number }[];
  readonly facts: readonly RawFacts[];
  readonly collaborators: readonly { readonly leadId: string; readonly userId: string }[];
  readonly stays: readonly {
    readonly leadId: string;
    readonly sequence: number;
    readonly stage: string;
    readonly enteredAt: string;
    readonly exitedAt: string | null;
  }[];
  readonly index: readonly {
    readonly leadId: string;
    readonly field: string;
    readonly ordinal: number;
    readonly numberValue: number | null;
    readonly textValue: string | null;
    readonly hashValue: string | null;
  }[];
  readonly moves: readonly {
    readonly eventId: string;
    readonly leadId: string;
    readonly fromStage: string | null;
    readonly toStage: string;
    readonly at: string;
  }[];
  readonly audit: readonly {
    readonly id: string;
    readonly eventType: string;
    readonly aggregateKind: string;
    readonly aggregateId: string;
    readonly aggregateVersion: number;
  }[];
  readonly placements: readonly {
    readonly id: string;
    readonly leadId: string;
    readonly holderId: string;
    readonly status: string;
    readonly version: number;
    readonly exclusiveLeadId: string | null;
  }[];
  readonly outbox: readonly { readonly id: string }[];
  readonly commands: readonly {
    readonly scope: string;
    readonly key: string;
    readonly aggregateKind: string;
    readonly aggregateId: string;
    readonly version: number;
  }[];
  readonly users: readonly { readonly id: string; readonly version: number; readonly teams: readonly string[] }[];
  readonly userTeams: readonly { readonly userId: string; readonly team: string }[];
  readonly lines: readonly {
    readonly slug: string;
    readonly revision: number;
    readonly schemaVersion: number;
    readonly pipelineVersion: number;
  }[];
  readonly definitions: readonly {
    readonly productLine: string;
    readonly part: string;
    readonly version: number;
    readonly body: string;
  }[];
  readonly mappings: readonly { readonly id: string; readonly name: string; readonly version: number }[];
  readonly runs: readonly {
    readonly id: string;
    readonly status: string;
    readonly version: number;
    readonly rowsRead: number;
    readonly created: number;
    readonly updated: number;
    readonly duplicates: number;
    readonly rejected: number;
  }[];
  readonly receipts: readonly {
    readonly source: string;
    readonly batch: number;
    readonly version: number;
    readonly taken: readonly {
      readonly run: string;
      readonly firstRow: number;
      readonly count: number;
      readonly numberMonth: string;
      readonly firstNumberSeq: number;
    }[];
  }[];
}

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

const state: z.ZodType<RawState> = z.object({
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

/** Rows of each part as the engine gave them, keys in camel case. */
export type RawRows = { readonly [Part in keyof RawState]: readonly object[] };

/** @throws when a row is not as the schema describes it */
export function rawStateOf(rows: RawRows): RawState {
  return state.parse(rows);
}
