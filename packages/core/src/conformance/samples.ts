import type { Placement } from '../crm/assignment/placement-store.js';
import type { LineHead } from '../crm/fields/index.js';
import type { StoredImportRun } from '../crm/imports/import-run-store.js';
import type { LeadFacts, MoveRow, StoredActivity, StoredLead } from '../crm/leads/index.js';
import type { User } from '../foundation/access/user-store.js';
import type { AuditRow } from '../foundation/audit/audit-store.js';
import { type DomainEvent, type LeadId, toInstant } from '../foundation/kernel/index.js';
import type { CommandRecord } from '../foundation/persistence/index.js';
import type { SampleSource } from './conformance-case.js';

/** A fixed moment; cases add milliseconds to it. */
const baseMillis: number = Date.UTC(2026, 0, 15, 4, 30, 0, 123);

export function instantAfter(millis: number): string {
  return toInstant(baseMillis + millis);
}

export function sampleActivity(context: SampleSource, change: Partial<StoredActivity> = {}): StoredActivity {
  return {
    id: context.ids.next<'activity'>(),
    type: 'NOTE',
    at: instantAfter(0),
    actor: 'user:asha',
    data: { by: 'phone', minutes: 3 },
    sealed: 'c2VhbGVkIG5vdGU=',
    ...change,
  };
}

export function sampleLead(context: SampleSource, change: Partial<StoredLead> = {}): StoredLead {
  const id = change.id ?? context.ids.next<'lead'>();
  return {
    format: 1,
    id,
    version: 1,
    number: `LEAD-${id}`,
    numberMonth: '202601',
    numberSeq: 1,
    productLine: 'personal-loan',
    status: 'pending',
    stage: 'new',
    stageEnteredAt: instantAfter(0),
    schemaVersion: 1,
    pipelineVersion: 1,
    source: 'website',
    channel: null,
    campaign: null,
    score: null,
    amountPaise: 50_000_000,
    region: 'MH',
    collaboratorIds: [],
    values: { loanAmount: { amountPaise: 50_000_000 }, annualRate: '14.25', tenureMonths: 36, selfEmployed: false },
    entered: { loanAmount: '5 lakh' },
    properties: { utm_source: 'search' },
    links: [{ kind: 'campaign', id: 'diwali' }],
    parties: [{ id: context.ids.next<'party'>(), role: 'applicant', subjectId: null }],
    tasks: [
      {
        id: context.ids.next<'task'>(),
        template: 'first-call',
        name: 'First call',
        stage: 'new',
        required: true,
        order: 1,
        status: 'pending',
        createdAt: instantAfter(0),
        completedAt: null,
        completedBy: null,
      },
    ],
    activities: [sampleActivity(context, { type: 'CREATED' })],
    activityCount: 1,
    history: [{ stage: 'new', enteredAt: instantAfter(0), exitedAt: null, enteredBy: 'user:asha' }],
    sealed: 'ZW52ZWxvcGU=',
    sealedName: null,
    index: [{ field: 'city', number: null, text: 'Pune', hash: null }],
    firstResponseAt: null,
    wonAt: null,
    lostAt: null,
    createdAt: instantAfter(0),
    createdBy: 'user:asha',
    updatedAt: instantAfter(0),
    updatedBy: 'user:asha',
    deletedAt: null,
    ownerId: null,
    partner: null,
    placementVersion: 0,
    ...change,
  };
}

export function sampleFacts(context: SampleSource, change: Partial<LeadFacts> = {}): LeadFacts {
  const leadId = change.leadId ?? context.ids.next<'lead'>();
  return {
    leadId,
    version: 1,
    number: `LEAD-${leadId}`,
    numberMonth: '202601',
    numberSeq: 1,
    productLine: 'personal-loan',
    stage: 'new',
    stageEnteredAt: instantAfter(0),
    status: 'pending',
    region: 'MH',
    source: 'website',
    channel: null,
    campaign: null,
    score: null,
    amountPaise: null,
    tasksDone: 0,
    tasksTotal: 1,
    sealedName: null,
    createdAt: instantAfter(0),
    updatedAt: instantAfter(0),
    firstResponseAt: null,
    decidedAt: null,
    wonAt: null,
    lostAt: null,
    deletedAt: null,
    collaboratorIds: [],
    stays: [{ sequence: 0, stage: 'new', enteredAt: instantAfter(0), exitedAt: null }],
    index: [],
    ...change,
  };
}

export function sampleEvent(context: SampleSource, change: Partial<DomainEvent> = {}): DomainEvent {
  const id = context.ids.next<'event'>();
  return {
    id,
    type: 'lead.created',
    typeVersion: 1,
    aggregate: { kind: 'lead', id: context.ids.next<'lead'>(), version: 1 },
    at: instantAfter(0),
    actor: 'user:asha',
    via: { host: 'desk-7', operatingSystemUser: 'asha' },
    command: 'leads.create',
    correlationId: id,
    causationId: null,
    data: { stage: 'new', nested: { list: [1, 'two', null, true] } },
    sealed: null,
    ...change,
  };
}

export function sampleCommand(context: SampleSource, change: Partial<CommandRecord> = {}): CommandRecord {
  return {
    scope: 'user:asha leads.create',
    key: context.word('key'),
    bodyHash: 'ab'.repeat(32),
    aggregateKind: 'lead',
    aggregateId: context.ids.next<'lead'>(),
    version: 1,
    at: instantAfter(0),
    expiresAt: instantAfter(86_400_000),
    ...change,
  };
}

export function sampleUser(context: SampleSource, change: Partial<User> = {}): User {
  const id = change.id ?? context.word('user');
  return {
    id,
    name: 'Asha Patil',
    email: `${id}@example.test`,
    roles: ['agent'],
    teams: ['west'],
    partner: null,
    active: true,
    version: 1,
    createdAt: instantAfter(0),
    updatedAt: instantAfter(0),
    ...change,
  };
}

export function samplePlacement(context: SampleSource, leadId: LeadId, change: Partial<Placement> = {}): Placement {
  return {
    id: context.ids.next<'placement'>(),
    leadId,
    holderKind: 'rep',
    holderId: 'asha',
    team: 'west',
    status: 'confirmed',
    version: 1,
    placedAt: instantAfter(0),
    placedBy: 'user:meera',
    releasedAt: null,
    releasedBy: null,
    ...change,
  };
}

export function sampleAuditRow(context: SampleSource, change: Partial<AuditRow> = {}): AuditRow {
  const id = context.ids.next<'event'>();
  return {
    id,
    at: instantAfter(0),
    actor: 'user:asha',
    via: null,
    command: 'leads.update',
    eventType: 'lead.updated',
    aggregate: { kind: 'lead', id: context.ids.next<'lead'>(), version: 2 },
    correlationId: id,
    changes: { city: { from: null, to: 'Pune' } },
    sealed: null,
    payloadHash: 'cd'.repeat(32),
    position: null,
    prevHash: null,
    chainHash: null,
    ...change,
  };
}

export function sampleMove(context: SampleSource, leadId: LeadId, change: Partial<MoveRow> = {}): MoveRow {
  return {
    eventId: context.ids.next<'event'>(),
    leadId,
    productLine: 'personal-loan',
    pipelineVersion: 1,
    from: 'new',
    to: 'contacted',
    at: instantAfter(0),
    actor: 'user:asha',
    ...change,
  };
}

export function sampleImportRun(context: SampleSource, change: Partial<StoredImportRun> = {}): StoredImportRun {
  return {
    id: context.ids.next<'import'>(),
    productLine: 'personal-loan',
    schemaVersion: 1,
    fileName: 'leads.xlsx',
    fileSha256: 'ef'.repeat(32),
    fileBytes: 48_211,
    mapping: { Mobile: 'mobile' },
    status: 'running',
    counts: { rows: 10, created: 7, updated: 0, duplicates: 2, rejected: 1 },
    reasons: { 'mobile: invalid-phone': 1 },
    startedAt: instantAfter(0),
    aliveAt: instantAfter(1),
    finishedAt: null,
    actor: 'user:asha',
    error: null,
    version: 1,
    ...change,
  };
}

export function sampleHead(context: SampleSource, change: Partial<LineHead> = {}): LineHead {
  return {
    slug: context.word('line'),
    name: 'Personal loan',
    revision: 1,
    schemaVersion: 1,
    pipelineVersion: 1,
    createdAt: instantAfter(0),
    updatedAt: instantAfter(0),
    ...change,
  };
}
