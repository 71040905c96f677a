/** What a table is split by over several servers. */
export interface ShardKey {
  readonly table: string;
  /**
   * In SQL the columns, one of which every statement names by value; in MongoDB the path. Null for a table so small that every
   * server keeps a copy of it, or one keeps it alone.
   */
  readonly sql: readonly string[] | null;
  readonly mongo: string | null;
}

/** The tables and collections of a store, each with the key that its statements carry. */
export const shardKeys: readonly ShardKey[] = [
  { table: 'leads', sql: ['id'], mongo: '_id' },
  { table: 'lead_activities', sql: ['lead_id'], mongo: '_id.leadId' },
  { table: 'data_keys', sql: ['id'], mongo: '_id' },
  { table: 'unique_keys', sql: ['hash'], mongo: '_id' },
  { table: 'counters', sql: ['series'], mongo: null },
  { table: 'numbers', sql: null, mongo: '_id' },
  { table: 'import_receipts', sql: ['source'], mongo: '_id' },
  { table: 'commands', sql: ['command_key'], mongo: '_id' },
  { table: 'outbox', sql: ['id'], mongo: '_id' },
  { table: 'step_outcomes', sql: ['event_id'], mongo: null },
  { table: 'lead_facts', sql: ['lead_id'], mongo: null },
  { table: 'lead_collaborators', sql: ['lead_id'], mongo: null },
  { table: 'stage_stays', sql: ['lead_id'], mongo: null },
  { table: 'lead_index', sql: ['lead_id'], mongo: null },
  { table: 'lead_totals', sql: ['product_line'], mongo: null },
  { table: 'lead_total_changes', sql: ['product_line'], mongo: null },
  { table: 'placements', sql: ['lead_id', 'exclusive_lead_id'], mongo: null },
  { table: 'moves', sql: ['lead_id'], mongo: null },
  { table: 'audit', sql: ['aggregate_id'], mongo: null },
  { table: 'audit_heads', sql: null, mongo: null },
  { table: 'exchanges', sql: ['id'], mongo: null },
  { table: 'outbound_budgets', sql: ['target'], mongo: null },
  { table: 'consents', sql: ['subject_id'], mongo: null },
  { table: 'contact_blocks', sql: ['subject_id'], mongo: null },
  { table: 'event_consumers', sql: ['name'], mongo: null },
  { table: 'jobs', sql: ['id'], mongo: null },
  { table: 'job_schedules', sql: ['name'], mongo: null },
  { table: 'timers', sql: ['timer_key'], mongo: null },
  { table: 'calendars', sql: null, mongo: null },
  { table: 'webhook_endpoints', sql: null, mongo: null },
  { table: 'webhook_deliveries', sql: ['endpoint_id'], mongo: null },
  { table: 'webhook_cursors', sql: null, mongo: null },
  { table: 'notice_books', sql: null, mongo: null },
  { table: 'notifications', sql: ['id'], mongo: null },
  { table: 'inbox_notices', sql: ['user_id'], mongo: null },
  { table: 'notice_preferences', sql: ['user_id'], mongo: null },
];

/** A statement that goes to every server, and why it may. */
export interface ShardExemption {
  readonly table: string;
  /** What such a statement has in it. */
  readonly marked: RegExp;
  readonly reason: string;
}

/** The statements without a shard key. Every other one is a defect. */
export const shardExemptions: readonly ShardExemption[] = [
  {
    table: 'lead_facts',
    marked: /presence|owner_id|partner/,
    reason:
      'lists, boards, counts, reports: each server gives its part of an index range of the line, the owner or the partner',
  },
  {
    table: 'lead_index',
    marked: /product_line/,
    reason: 'look-ups by an indexed field: each server enters its own index by line, field and value',
  },
  {
    table: 'lead_collaborators',
    marked: /user_id/,
    reason: "a person's own list: each server enters its index by user",
  },
  {
    table: 'lead_totals',
    marked: /having/,
    reason: 'a recount: each server compares the totals of its own lines with their leads',
  },
  {
    table: 'lead_total_changes',
    marked: /having|[`"]id[`"]|\bid limit/,
    reason: 'adding up what waits: a bounded batch by id, on each server by itself',
  },
  {
    table: 'leads',
    marked: /number/,
    reason: 'a lead by its number: a unique index, asked on each server; commands name leads by id',
  },
  {
    table: 'unique_keys',
    marked: /holder_?id/i,
    reason: 'keys of one holder, when it is deleted, restored or merged: a few rows by an index',
  },
  {
    table: 'commands',
    marked: /expires/i,
    reason: 'forgetting expired keys: housekeeping by an index, 1,000 at a time, on each server by itself',
  },
  {
    table: 'outbox',
    marked: /lane|stuck|error|count|limit|\[{}\]/i,
    reason:
      'the relay reads the oldest events of a home: on each server by itself, which keeps the events of its own leads',
  },
  {
    table: 'placements',
    marked: /holder_id|where [`"]?id[`"]?/i,
    reason: 'placements of one holder, and the release of one placement that was just read: by an index',
  },
  {
    table: 'audit',
    marked: /actor|event_type|order by [`"]?id[`"]?/i,
    reason: 'the trail by person, type or time: newest first by an index, bounded',
  },
  {
    table: 'audit',
    marked: /[`"]?position[`"]? (is null|>)/i,
    reason: 'sealing and verifying: in batches by an index of positions, which are of the whole trail',
  },
  {
    table: 'exchanges',
    marked: /order by [`"]?(id|started_at)[`"]?/i,
    reason: 'calls to other systems by target, subject or time, and forgetting old ones: by an index, bounded',
  },
  {
    table: 'outbound_budgets',
    marked: /order by [`"]?spent_at[`"]?/i,
    reason: 'forgetting budgets of periods long gone: by an index, 1,000 at a time, on each server by itself',
  },
  {
    table: 'event_consumers',
    marked: /order by [`"]?name[`"]?/i,
    reason: 'the few consumers of a store, by name: all of them, bounded',
  },
  {
    table: 'jobs',
    marked: /status|lease_until|active_key|order by [`"]?id[`"]?/i,
    reason: 'which jobs are due, lapsed or long ended, lists, and the one that has a dedupe key: by an index, bounded',
  },
  {
    table: 'job_schedules',
    marked: /order by [`"]?name[`"]?|next_at/i,
    reason: 'the few schedules of a store: lists by name, bounded, and those that nobody looks after, by an index',
  },
  {
    table: 'timers',
    marked: /stuck|order by [`"]?(timer_key|calendar)|[`"]?calendar_version[`"]? </i,
    reason:
      'which timers are due or counted by an old version of their calendar, on which calendars they wait, and lists: by an index, bounded, on each server by itself',
  },
  {
    table: 'webhook_deliveries',
    marked: /webhook_endpoints|where [`"]?id[`"]?/i,
    reason:
      'which endpoints have something due, and how much: an index range for each of the few endpoints; and one that a person names by its id',
  },
  {
    table: 'notifications',
    marked: /order by [`"]?made_at[`"]?|union all/i,
    reason:
      'notifications by status, lead or time, and forgetting old ones: by an index, bounded, on each server by itself',
  },
  {
    table: 'inbox_notices',
    marked: /order by [`"]?made_at[`"]? limit/i,
    reason: 'forgetting old notices of all inboxes: by an index, bounded, on each server by itself',
  },
  {
    table: 'consents',
    marked: /phone_hash|email_hash|given_key|where [`"]?id[`"]?/i,
    reason: 'consents of the same person behind another lead, and one that was just read: by a unique or bounded index',
  },
  {
    table: 'contact_blocks',
    marked: /phone_hash|email_hash|where [`"]?id[`"]?/i,
    reason: 'blocks of the same person behind another lead, and one that was just read: by an index, bounded',
  },
];
