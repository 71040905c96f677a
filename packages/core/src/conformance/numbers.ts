import { deepStrictEqual, equal } from 'node:assert/strict';
import type { Storage } from '../storage/storage.js';
import type { ConformanceCase } from './conformance-case.js';
import { inUnit, together } from './together.js';

const callers = 24;

function draw(storage: Storage, series: string, count: number): Promise<number> {
  return storage.numbers.inUnit
    ? inUnit(storage, 'documents', (unit) => storage.numbers.draw(unit, series, count))
    : storage.numbers.draw(null, series, count);
}

export const numberCases: readonly ConformanceCase[] = [
  {
    id: 'numbers/sequence',
    level: 'MUST',
    title: 'a new series starts at 1, a block moves it by its size, and two series are independent',
    async run(context) {
      const series = context.word('series');
      const beside = context.word('series');
      equal(await draw(context.storage, series, 1), 1);
      equal(await draw(context.other, series, 10), 2);
      equal(await draw(context.storage, series, 1), 12);
      equal(await draw(context.storage, beside, 3), 1);
      equal(await draw(context.other, beside, 1), 4);
    },
  },
  {
    id: 'numbers/parallel',
    level: 'MUST',
    title: '24 callers who each draw single numbers and blocks of a new series at once never get a number twice',
    async run(context) {
      const series = context.word('series');
      const blocks = await together(context, callers, async (store, caller) => {
        const numbers: number[] = [];
        for (const count of [1, (caller % 7) + 1, 1]) {
          const first = await draw(store, series, count);
          for (let offset = 0; offset < count; offset += 1) numbers.push(first + offset);
        }
        return numbers;
      });
      const drawn = blocks.flat().sort((left, right) => left - right);
      deepStrictEqual(drawn, [...new Set(drawn)]);
      equal(
        drawn.every((number) => Number.isSafeInteger(number) && number >= 1),
        true,
      );
    },
  },
];
