import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import {
  type Answer,
  type Asker,
  askers,
  cardsPerColumn,
  plainRounds,
  type ReadSettings,
  wantedPage,
} from '../data/big-store-answers.ts';
import { productLine } from '../data/personal-loan.ts';
import { timeRepeats } from '../kit/repeat.ts';
import { beSubject } from '../kit/subject.ts';

const part = (path: string): string => `json_extract(document, '$.${path}')`;

/** The plain way: no read model, conditions and order taken from the stored JSON documents, nothing opened. */
await beSubject<ReadSettings, readonly Answer[]>(async ({ file }) => {
  const database = new DatabaseSync(file, { readOnly: true });
  database.exec('PRAGMA cache_size = -65536');
  const answers: Answer[] = [];
  for (const asker of askers) {
    const board = async () => readBoard(database, asker);
    const page = async () => readPage(database, asker);
    answers.push({
      board: await timeRepeats(plainRounds, board),
      page: await timeRepeats(plainRounds, page),
      columns: await board(),
      numbers: await page(),
    });
  }
  database.close();
  return answers;
});

interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

function seenBy({ owners, unowned }: Asker): Condition {
  const live = `product_line = ? and ${part('deletedAt')} is null`;
  if (owners === null) return { sql: live, values: [productLine] };
  const owned = `owner_id in (${owners.map(() => '?').join(', ')})`;
  return {
    sql: `${live} and (${owned}${unowned ? ' or owner_id is null' : ''})`,
    values: [productLine, ...owners],
  };
}

function readBoard(database: DatabaseSync, asker: Asker): readonly string[] {
  const { sql, values } = seenBy(asker);
  const totals = database
    .prepare(`select ${part('stage')} as stage, count(*) as leads, sum(${part('amountPaise')}) as amount
      from leads where ${sql} group by 1 order by 1`)
    .all(...values);
  const cards =
    database.prepare(`select number, ${part('amountPaise')}, ${part('stageEnteredAt')}, ${part('sealedName')}
      from leads where ${sql} and ${part('stage')} = ? order by ${part('stageEnteredAt')}, id limit ${cardsPerColumn}`);
  for (const { stage } of totals) cards.all(...values, stage ?? null);
  return totals.map(({ stage, leads, amount }) => `${stage} ${leads} ${amount}`).sort();
}

function readPage(database: DatabaseSync, asker: Asker): readonly string[] {
  const { sql, values } = seenBy(asker);
  const rows = database
    .prepare(`select number, document from leads
      where ${sql} and ${part('stage')} = ? and ${part('values.city')} = ?
      order by ${part('amountPaise')} desc, id desc limit ${wantedPage.limit}`)
    .all(...values, wantedPage.stage, wantedPage.city);
  return rows.map(({ number, document }) => {
    JSON.parse(String(document));
    return String(number);
  });
}
