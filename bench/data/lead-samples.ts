import { DatabaseSync } from 'node:sqlite';
import { Dice } from '../../scripts/demo-data/dice.ts';
import { askers } from './big-store-answers.ts';

const eachAsker = 500;

/** Ids of leads, spread over all that each asker may see, in an order that is no order of the store; the same for a store at each call. */
export function sampleLeads(file: string): Readonly<Record<string, readonly string[]>> {
  using database = new DatabaseSync(file, { readOnly: true });
  return Object.fromEntries(
    askers.map(({ id, owners, unowned }) => {
      const owned =
        owners === null
          ? 'true'
          : `(owner_id in (${owners.map(() => '?').join(', ')})${unowned ? ' or owner_id is null' : ''})`;
      const rows = database
        .prepare(`select lead_id from lead_facts where presence = 0 and ${owned} order by lead_id`)
        .all(...(owners ?? []));
      const ids = rows.map((row) => String(row['lead_id']));
      return [id, shuffled(evenlySpread(ids, eachAsker))];
    }),
  );
}

function evenlySpread(ids: readonly string[], most: number): readonly string[] {
  const step = Math.max(1, ids.length / most);
  return Array.from({ length: Math.min(most, ids.length) }, (_, at) => ids[Math.floor(at * step)] ?? '');
}

function shuffled(ids: readonly string[]): readonly string[] {
  const dice = new Dice(ids.length);
  return ids
    .map((id) => ({ id, at: dice.whole(0, 1_000_000) }))
    .sort((left, right) => left.at - right.at)
    .map(({ id }) => id);
}
