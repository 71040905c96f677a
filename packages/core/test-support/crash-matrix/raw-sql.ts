import { type DocumentRows, type LedgerRows, outboxRow, parsedList, parsedRow, type Row } from './raw-rows.js';
import type { Tables } from './raw-tables.js';

/** The documents home of a database that is both. */
export async function readSqlDocuments(tables: Tables): Promise<DocumentRows> {
  const read = reader(tables);
  return {
    leads: (await read('leads')).map(({ id, document, ...columns }) => ({
      ...parsedRow(document),
      ...columns,
      id: String(id),
    })),
    oldActivities: await read('lead_activities'),
    uniqueKeys: await read('unique_keys'),
    dataKeys: await read('data_keys'),
    storeKeys: await read('store_keys'),
    counters: await read('counters'),
    lines: await read('product_lines'),
    definitions: await read('definition_versions'),
    drafts: await read('definition_drafts'),
    mappings: await read('saved_mappings'),
    receipts: (await read('import_receipts')).map((row) => ({ ...row, taken: parsedList(row['taken']).map(unpacked) })),
  };
}

export async function readSqlLedger(tables: Tables): Promise<LedgerRows> {
  const read = reader(tables);
  return {
    facts: await read('lead_facts'),
    collaborators: await read('lead_collaborators'),
    stays: await read('stage_stays'),
    index: await read('lead_index'),
    totals: [...(await read('lead_totals')), ...(await read('lead_total_changes'))],
    moves: await read('moves'),
    audit: (await read('audit')).map(auditRow),
    placements: await read('placements'),
    stepOutcomes: await read('step_outcomes'),
    exchanges: await read('exchanges'),
    consents: await read('consents'),
    contactBlocks: await read('contact_blocks'),
    consentWordings: await read('consent_wordings'),
    consumers: await read('event_consumers'),
    jobs: await read('jobs'),
    schedules: await read('job_schedules'),
    timers: await read('timers'),
    calendars: await read('calendars'),
    noticeBooks: await read('notice_books'),
    notifications: await read('notifications'),
    inboxNotices: await read('inbox_notices'),
    noticePreferences: await read('notice_preferences'),
    webhookEndpoints: await read('webhook_endpoints'),
    webhookDeliveries: await read('webhook_deliveries'),
    outbox: (await read('outbox')).map(outboxRow),
    commands: (await read('commands')).map((row) => ({ ...row, key: row['commandKey'] })),
    users: (await read('users')).map((row) => ({
      ...row,
      active: Boolean(row['active']),
      teams: parsedList(row['teams']),
      roles: parsedList(row['roles']),
    })),
    userTeams: await read('user_teams'),
    userRoles: await read('user_roles'),
    runs: await read('import_runs'),
  };
}

/** A table that is not there has no rows. */
function reader(tables: Tables): (table: string) => Promise<readonly Row[]> {
  return async (table) => (await tables.get(`ledger ${table}`)?.()) ?? [];
}

function auditRow(row: Row): Row {
  const { ownerId = null, refused = null, status } = parsedRow(row['changes']);
  // A number is what another system answered.
  const ended = typeof status === 'string' ? status : null;
  const { host = null } = typeof row['via'] === 'string' ? parsedRow(row['via']) : {};
  return { ...row, ownerId, refused, ended, host };
}

/** Rows that SQL keeps as a list without names. */
function unpacked(packed: unknown): Row {
  const [firstRow, count, numberMonth, firstNumberSeq, run] = Array.isArray(packed) ? packed : [];
  return { firstRow, count, numberMonth, firstNumberSeq, run };
}
