import { createLms } from '#core';
import { sqlite } from '#core/storage/sqlite';
import {
  type Answer,
  askers,
  cardsPerColumn,
  type ReadSettings,
  rounds,
  wantedPage,
} from '../data/big-store-answers.ts';
import { productLine } from '../data/personal-loan.ts';
import { timeRepeats } from '../kit/repeat.ts';
import { beSubject } from '../kit/subject.ts';

await beSubject<ReadSettings, readonly Answer[]>(async ({ file }) => {
  await using lms = await createLms({ storage: sqlite({ file }) });
  const answers: Answer[] = [];
  for (const { id } of askers) {
    const { leads } = lms.as({ kind: 'user', id });
    const board = () => leads.board({ productLine, cardsPerColumn });
    const page = () =>
      leads
        .list({
          productLine,
          stage: wantedPage.stage,
          where: [{ field: 'city', value: wantedPage.city }],
          sort: { by: 'amount', direction: 'desc' },
        })
        .page({ limit: wantedPage.limit });
    const columns = (await board()).columns.filter((column) => column.count > 0);
    answers.push({
      board: await timeRepeats(rounds, board),
      page: await timeRepeats(rounds, page),
      columns: columns.map(({ stage, count, amountPaise }) => `${stage} ${count} ${amountPaise}`).sort(),
      numbers: (await page()).items.map((lead) => lead.number),
    });
  }
  return answers;
});
