import { type ActorServices, type Board, createLms, keyFile, type Page } from '#core';
import type { ByHand, ListName, PlainBoard, Position } from '../by-hand/by-hand.ts';
import { openByHand } from '../by-hand/open-by-hand.ts';
import { type Asker, askers, cardsPerColumn, wantedPage } from '../data/big-store-answers.ts';
import { productLine } from '../data/personal-loan.ts';
import { type StorePlace, storageAt } from '../data/store-place.ts';
import { type Rounds, type SideBySide, timeSideBySide } from '../kit/side-by-side.ts';
import { watchedStorage } from '../kit/store-time.ts';
import { beSubject } from '../kit/subject.ts';
import { median } from '../kit/timing.ts';

export interface ReadSettings {
  readonly place: StorePlace;
  /** Leads to get, by who asks for them: each id once. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
}

/** What was asked, by whom, and how long both took. */
export interface Reading extends SideBySide {
  readonly what: string;
  readonly who: string;
  /** Of our median: how long the SDK waited for its storage; the rest is its own work, opening what is sealed above all. */
  readonly inStoreMillis: number;
}

export interface ReadFound {
  readonly leads: number;
  readonly readings: readonly Reading[];
}

const gets: Rounds = { warmUp: 50, counted: 450, mostSeconds: 60, least: 100 };
const pages: Rounds = { warmUp: 5, counted: 150, mostSeconds: 60, least: 20 };
const boards: Rounds = { warmUp: 5, counted: 100, mostSeconds: 60, least: 20 };

await beSubject<ReadSettings, ReadFound>(async ({ place, ids }) => {
  const { storage, waited } = watchedStorage(storageAt(place));
  await using lms = await createLms({ storage, key: keyFile(place.key) });
  await lms.ready();
  const root = lms.as({ kind: 'user', id: 'root' });
  const { columns } = await root.leads.board({ productLine, cardsPerColumn: 0 });
  const byHand = await openByHand(
    place,
    columns.map(({ stage }) => stage),
  );
  const readings: Reading[] = [];
  for (const asker of askers) {
    const { leads } = lms.as({ kind: 'user', id: asker.id });
    const inStore: number[] = [];
    /** The last of these are those that count. */
    const noting = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
      const before = waited();
      const answer = await work();
      inStore.push(waited() - before);
      return answer;
    };
    const asking: Asking = { leads, noting, byHand };
    const told = (what: string, times: SideBySide): void => {
      const inStoreMillis = median(inStore.splice(0).slice(-times.ours.count));
      readings.push({ what, who: asker.who, inStoreMillis, ...times });
      process.stderr.write(
        `  ${what}, ${asker.who}: ${times.ours.p50Millis.toFixed(1)} ms, by hand ${times.byHand.p50Millis.toFixed(1)} ms\n`,
      );
    };
    told('get', await timeGets(asking, asker, ids[asker.id] ?? []));
    told('list page', await timePages(asking, asker, 'newest'));
    told('filtered page', await timePages(asking, asker, 'filtered'));
    told('board', await timeBoards(asking, asker));
  }
  await byHand.close();
  return { leads: columns.reduce((sum, { count }) => sum + count, 0), readings };
});

interface Asking {
  readonly leads: ActorServices['leads'];
  /** Notes how long this waited for the storage. */
  readonly noting: <Answer>(work: () => Promise<Answer>) => Promise<Answer>;
  readonly byHand: ByHand;
}

function timeGets({ leads, noting, byHand }: Asking, asker: Asker, ids: readonly string[]): Promise<SideBySide> {
  const idOf = (round: number): string => {
    const id = ids[round % ids.length];
    if (id === undefined) throw new Error(`there are no leads for ${asker.who}`);
    return id;
  };
  return timeSideBySide<string>(gets, {
    ours: async (round) => (await noting(() => leads.get(idOf(round)))).number,
    byHand: (round) => byHand.lead(asker, idOf(round)),
    requireSame: (ours, theirs, round) => requireSame(`lead ${idOf(round)}`, [ours], [theirs]),
  });
}

/** A round is the page behind the one before; after the last comes the first. */
function timePages({ leads, noting, byHand }: Asking, asker: Asker, list: ListName): Promise<SideBySide> {
  const query =
    list === 'newest'
      ? { productLine }
      : {
          productLine,
          stage: wantedPage.stage,
          where: [{ field: 'city', value: wantedPage.city }],
          sort: { by: 'amount', direction: 'desc' } as const,
        };
  let cursor: string | null = null;
  let position: Position | null = null;
  return timeSideBySide<readonly string[]>(pages, {
    async ours() {
      const request = { limit: wantedPage.limit, ...(cursor === null ? {} : { cursor }) };
      const page: Page<{ readonly number: string }> = await noting(() => leads.list(query).page(request));
      cursor = page.nextCursor;
      return page.items.map((lead) => lead.number);
    },
    async byHand() {
      const page = await byHand.page(asker, list, position);
      position = page.next;
      return page.numbers;
    },
    requireSame: (ours, theirs, round) => requireSame(`page ${round + 1} of ${list}, ${asker.who}`, ours, theirs),
  });
}

function timeBoards({ leads, noting, byHand }: Asking, asker: Asker): Promise<SideBySide> {
  return timeSideBySide<PlainBoard>(boards, {
    ours: async () => plainBoard(await noting(() => leads.board({ productLine, cardsPerColumn }))),
    byHand: () => byHand.board(asker),
    requireSame(ours, theirs) {
      requireSame(`board of the ${asker.who}`, [...ours.columns].sort(), [...theirs.columns].sort());
      requireSame(`cards of the ${asker.who}`, [...ours.cards].sort(), [...theirs.cards].sort());
    },
  });
}

function plainBoard({ columns }: Board): PlainBoard {
  return {
    columns: columns.flatMap(({ stage, count, amountPaise }) =>
      count === 0 ? [] : [`${stage} ${count} ${amountPaise}`],
    ),
    cards: columns.flatMap(({ stage, cards }) => cards.map((card) => `${stage} ${card.number}`)),
  };
}

function requireSame(what: string, found: readonly string[], expected: readonly string[]): void {
  if (found.join('\n') === expected.join('\n')) return;
  throw new Error(`${what}: the SDK found\n${found.join('\n')}\nand the query by hand\n${expected.join('\n')}`);
}
