import { MongoClient } from 'mongodb';
import { cardText, columnText, listedLeads, textOf } from './answers.ts';
import { type ByHand, requireLead } from './by-hand.ts';
import { cardsQuery, pageQuery, totalsQuery } from './facts-queries.ts';
import { mysqlDriver } from './mysql-by-hand.ts';

interface LeadDocument {
  readonly _id: string;
  readonly number: string;
}

interface KeyDocument {
  readonly _id: { readonly kind: string; readonly id: string };
  readonly wrapped: string;
}

/** The read model with `mysql2`; documents and keys, both at once, with `mongodb`. */
export async function hybridByHand(
  { mongoUrl, mysqlUrl }: { readonly mongoUrl: string; readonly mysqlUrl: string },
  stages: readonly string[],
): Promise<ByHand> {
  const ledger = await mysqlDriver(mysqlUrl);
  const client = await MongoClient.connect(mongoUrl);
  const leads = client.db().collection<LeadDocument>('leads');
  const keys = client.db().collection<KeyDocument>('data_keys');
  const keysOf = (ids: readonly string[]): Promise<KeyDocument[]> =>
    keys.find({ _id: { $in: ids.map((id) => ({ kind: 'lead', id })) } }).toArray();

  /** @throws Error where a lead has no document or no key */
  async function requireWhole(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const [documents, found] = await Promise.all([leads.find({ _id: { $in: [...ids] } }).toArray(), keysOf(ids)]);
    const byId = new Map(documents.map((document) => [document._id, document]));
    const keyOf = new Map(found.map(({ _id, wrapped }) => [_id.id, wrapped]));
    for (const id of ids) requireLead(byId.get(id), keyOf.get(id), id);
  }

  return {
    async lead({ who, owners, unowned }, id) {
      const seen = owners === null ? {} : { ownerId: { $in: unowned ? [...owners, null] : [...owners] } };
      const [document, [key]] = await Promise.all([leads.findOne({ _id: id, ...seen }), keysOf([id])]);
      if (document === null) throw new Error(`there is no lead ${id} for ${who}`);
      requireLead(document, key?.wrapped, id);
      return document.number;
    },
    async page(asker, list, after) {
      const rows = await ledger.rows(pageQuery(ledger.engine, asker, list, after));
      await requireWhole(rows.map((row) => textOf(row, 'lead_id')));
      return listedLeads(rows);
    },
    async board(asker) {
      const totals = await ledger.rows(totalsQuery(ledger.engine, asker, stages));
      const filled = totals.map((row) => textOf(row, 'stage'));
      const cards = filled.length === 0 ? [] : await ledger.rows(cardsQuery(ledger.engine, asker, filled));
      const found = await keysOf(cards.map((row) => textOf(row, 'lead_id')));
      if (found.length !== cards.length) throw new Error(`${found.length} keys for ${cards.length} cards`);
      return { columns: totals.map(columnText), cards: cards.map(cardText) };
    },
    async close() {
      await ledger.close();
      await client.close();
    },
  };
}
