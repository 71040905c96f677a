import type { SqlStatement } from '../sql/sql-connection.js';
import { presence } from '../sql/tables-lead-facts.js';

/** Adds a lead that is not there, and its amount, to the totals that boards of a line are kept in. */
export function miscounting(productLine: string): SqlStatement {
  return {
    sql: "INSERT INTO lead_totals (product_line, presence, stage, owner_id, partner, leads, amount_lakhs, amount_rest) VALUES (?, ?, 'new', 'raw', '', 1, 7, 5)",
    parameters: [productLine, presence.live],
  };
}
