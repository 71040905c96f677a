/** A word that templates may have in braces: what it stands for, and what a test shows for it. */
export interface NoticeVariable {
  readonly name: string;
  readonly sample: string;
  /** Of some leads there is none. */
  readonly mayBeMissing?: true;
}

const ofEveryEvent: readonly NoticeVariable[] = [
  { name: 'lead.id', sample: '01a202c2-bd9d-7506-9b13-9401c0d1815d' },
  { name: 'lead.number', sample: 'LEAD-202601-00001' },
  { name: 'lead.line', sample: 'personal-loan' },
  { name: 'lead.stage', sample: 'New' },
  { name: 'person.name', sample: 'Asha Rao', mayBeMissing: true },
  { name: 'owner.name', sample: 'Ravi Kumar', mayBeMissing: true },
  { name: 'recipient.name', sample: 'Asha Rao' },
  { name: 'event.date', sample: '2026-01-31' },
];

const ofMoves: readonly NoticeVariable[] = [
  { name: 'stage.from', sample: 'New', mayBeMissing: true },
  { name: 'stage.to', sample: 'Contacted' },
];

export type NoticeEventType =
  | 'lead.created'
  | 'lead.updated'
  | 'lead.stage_changed'
  | 'lead.task_completed'
  | 'lead.assigned'
  | 'lead.unassigned'
  | 'lead.deleted'
  | 'lead.restored';

/** The events that can be told of, and what templates know of each. */
const noticeEvents: Readonly<Record<NoticeEventType, readonly NoticeVariable[]>> = {
  'lead.created': ofEveryEvent,
  'lead.updated': ofEveryEvent,
  'lead.stage_changed': [...ofEveryEvent, ...ofMoves],
  'lead.task_completed': ofEveryEvent,
  'lead.assigned': ofEveryEvent,
  'lead.unassigned': ofEveryEvent,
  'lead.deleted': ofEveryEvent,
  'lead.restored': ofEveryEvent,
};

export const noticeEventTypes: readonly [NoticeEventType, ...NoticeEventType[]] = [
  'lead.created',
  'lead.updated',
  'lead.stage_changed',
  'lead.task_completed',
  'lead.assigned',
  'lead.unassigned',
  'lead.deleted',
  'lead.restored',
];

/** What some event knows. */
export const everyVariable: ReadonlyMap<string, NoticeVariable> = new Map(
  Object.values(noticeEvents).flatMap((variables) => variables.map((variable) => [variable.name, variable] as const)),
);

export function variablesOf(event: NoticeEventType): ReadonlySet<string> {
  return new Set(noticeEvents[event].map(({ name }) => name));
}
