import { cardText, columnText, type DriverRow, listedLeads, textOf } from './answers.ts';
import { type ByHand, requireLead } from './by-hand.ts';
import { type Engine, leadQuery, type Query, totalsQuery, wholeCardsQuery, wholePageQuery } from './facts-queries.ts';

export interface SqlDriver {
  readonly engine: Engine;
  rows(query: Query): Promise<readonly DriverRow[]>;
  close(): Promise<void>;
}

/** Where documents and read model are one database: documents and keys are joined to what is found. */
export function sqlByHand({ engine, rows, close }: SqlDriver, stages: readonly string[]): ByHand {
  return {
    async lead(asker, id) {
      const [row] = await rows(leadQuery(engine, asker, id));
      if (row === undefined) throw new Error(`there is no lead ${id} for ${asker.who}`);
      requireWhole(row, id);
      return textOf(row, 'number');
    },
    async page(asker, list, after) {
      const found = await rows(wholePageQuery(engine, asker, list, after));
      for (const row of found) requireWhole(row, textOf(row, 'lead_id'));
      return listedLeads(found);
    },
    async board(asker) {
      const totals = await rows(totalsQuery(engine, asker, stages));
      const filled = totals.map((row) => textOf(row, 'stage'));
      const cards = filled.length === 0 ? [] : await rows(wholeCardsQuery(engine, asker, filled));
      return { columns: totals.map(columnText), cards: cards.map(cardText) };
    },
    close,
  };
}

function requireWhole(row: DriverRow, id: string): void {
  const { document, wrapped } = row;
  const isRead = typeof document === 'string' || (typeof document === 'object' && document !== null);
  requireLead(isRead ? document : null, wrapped, id);
}
