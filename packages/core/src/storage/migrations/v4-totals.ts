import type { ColumnDescription } from '../sql/schema-description.js';
import type { Migration } from './migration.js';

const together: Readonly<Record<string, ColumnDescription>> = {
  product_line: { kind: 'slug' },
  presence: { kind: 'integer', min: 0 },
  stage: { kind: 'slug' },
  owner_id: { kind: 'slug' },
  partner: { kind: 'slug' },
};
const numbers: Readonly<Record<string, ColumnDescription>> = {
  leads: { kind: 'integer' },
  amount_lakhs: { kind: 'integer' },
  amount_rest: { kind: 'integer' },
};

/** What the leads count, less what the totals say already: nothing, once it was added. */
const missing = `SELECT product_line, presence, stage, owner_id, partner, SUM(more_leads), SUM(more_lakhs), SUM(more_rest)
FROM (
  SELECT product_line, presence, stage, COALESCE(owner_id, '') AS owner_id, COALESCE(partner, '') AS partner, COUNT(*) AS more_leads,
    COALESCE(SUM(CAST((amount_paise - amount_paise % 10000000) / 10000000 AS SIGNED)), 0) AS more_lakhs,
    COALESCE(SUM(amount_paise % 10000000), 0) AS more_rest
  FROM lead_facts WHERE presence IN (0, 1) GROUP BY product_line, presence, stage, owner_id, partner
  UNION ALL
  SELECT product_line, presence, stage, owner_id, partner, -leads, -amount_lakhs, -amount_rest FROM lead_totals
) AS counted
GROUP BY product_line, presence, stage, owner_id, partner
HAVING SUM(more_leads) <> 0 OR SUM(more_lakhs) <> 0 OR SUM(more_rest) <> 0`;
const addition =
  'INSERT INTO lead_totals (product_line, presence, stage, owner_id, partner, leads, amount_lakhs, amount_rest)';

/**
 * To boards whose counts and amounts are kept. Releases before it write leads without counting them, so it shuts them out; what they
 * wrote until then is counted here, and what one that still runs writes behind it `lms storage rebuild-facts` counts. The index that
 * these counted boards in goes.
 */
export const totalsMigration: Migration = {
  version: 4,
  name: 'totals of boards, kept as leads change',
  kind: 'contract',
  readableBy: 4,
  ledgerTables: [
    {
      kind: 'create-table',
      table: {
        name: 'lead_totals',
        columns: { ...together, ...numbers },
        primaryKey: ['product_line', 'presence', 'stage', 'owner_id', 'partner'],
        clustered: true,
      },
    },
    {
      kind: 'create-table',
      table: {
        name: 'lead_total_changes',
        columns: { id: { kind: 'serial' }, ...together, ...numbers },
        primaryKey: ['id'],
        indexes: [{ name: 'lead_total_changes_by_line', columns: ['product_line', 'presence'] }],
      },
    },
    {
      kind: 'run',
      words: 'count lead_totals',
      reads: 'lead_facts',
      statement: {
        sqlite: `${addition} ${missing}
ON CONFLICT DO UPDATE SET leads = leads + excluded.leads, amount_lakhs = amount_lakhs + excluded.amount_lakhs, amount_rest = amount_rest + excluded.amount_rest`,
        mysql: `${addition} ${missing}
ON DUPLICATE KEY UPDATE leads = lead_totals.leads + VALUES(leads), amount_lakhs = lead_totals.amount_lakhs + VALUES(amount_lakhs), amount_rest = lead_totals.amount_rest + VALUES(amount_rest)`,
      },
    },
    { kind: 'drop-index', table: 'lead_facts', index: 'lead_facts_totals' },
    {
      kind: 'add-index',
      table: 'lead_facts',
      index: {
        name: 'lead_facts_of_owner',
        columns: ['owner_id', 'presence', 'created_at', 'lead_id', 'product_line'],
      },
    },
    {
      kind: 'add-index',
      table: 'lead_facts',
      index: {
        name: 'lead_facts_board_of_owner',
        columns: ['owner_id', 'product_line', 'presence', 'stage', 'stage_entered_at', 'lead_id'],
      },
    },
    { kind: 'drop-index', table: 'lead_facts', index: 'lead_facts_by_owner' },
  ],
};
