import type { ColumnDescription, TableDescription } from './schema-description.js';

/** Leads that boards count together. Nobody: an empty owner or partner, so that they are part of a key. */
const together: Readonly<Record<string, ColumnDescription>> = {
  product_line: { kind: 'slug' },
  presence: { kind: 'integer', min: 0 },
  stage: { kind: 'slug' },
  owner_id: { kind: 'slug' },
  partner: { kind: 'slug' },
};

/** An amount is `amount_lakhs` times 10,000,000 minor units and `amount_rest`: sums of both stay whole however many leads there are. */
const numbers: Readonly<Record<string, ColumnDescription>> = {
  leads: { kind: 'integer' },
  amount_lakhs: { kind: 'integer' },
  amount_rest: { kind: 'integer' },
};

/**
 * What boards show is kept as it changes. Writers that run at once never wait for each other's totals: they add rows to
 * `lead_total_changes`, which are added up to `lead_totals` behind them. A board reads both.
 */
export const leadTotalsSchema: readonly TableDescription[] = [
  {
    name: 'lead_totals',
    columns: { ...together, ...numbers },
    primaryKey: ['product_line', 'presence', 'stage', 'owner_id', 'partner'],
    clustered: true,
  },
  {
    name: 'lead_total_changes',
    columns: { id: { kind: 'serial' }, ...together, ...numbers },
    primaryKey: ['id'],
    indexes: [{ name: 'lead_total_changes_by_line', columns: ['product_line', 'presence'] }],
  },
];
