import { equal } from 'node:assert/strict';
import { toInstant } from '../foundation/kernel/index.js';
import type { Storage } from '../storage/storage.js';
import type { ConformanceCase } from './conformance-case.js';
import { instantAfter } from './samples.js';
import { inUnit, refusalOf, together } from './together.js';

const callers = 24;

interface Spend {
  readonly target: string;
  readonly period?: string;
  readonly cost?: number;
  readonly limit?: number;
  readonly at?: string;
}

function spend(storage: Storage, given: Spend): Promise<boolean> {
  const spending = { period: '2026-01-15', cost: 1, limit: 100, at: instantAfter(0), ...given };
  return inUnit(storage, 'ledger', (unit) => storage.outboundBudgets.spend(unit, spending));
}

export const outboundBudgetCases: readonly ConformanceCase[] = [
  {
    id: 'outbound-budgets/race',
    level: 'MUST',
    title: '24 callers who spend 3 each of a new budget of 20 at once: six of them do, and the limit is not exceeded',
    async run(context) {
      const target = context.word('target');
      const outcomes = await together(context, callers, (store) => spend(store, { target, cost: 3, limit: 20 }));
      equal(outcomes.filter(Boolean).length, 6);
      equal(await context.other.outboundBudgets.spent(target, '2026-01-15'), 18);
      equal(await spend(context.storage, { target, cost: 2, limit: 20 }), true);
      equal(await spend(context.storage, { target, cost: 1, limit: 20 }), false);
      equal(await context.storage.outboundBudgets.spent(target, '2026-01-15'), 20);
    },
  },
  {
    id: 'outbound-budgets/apart',
    level: 'MUST',
    title: 'periods and targets are counted apart, and what is written in a unit that fails is not spent',
    async run(context) {
      const { storage, other } = context;
      const target = context.word('target');
      equal(await spend(storage, { target, limit: 1 }), true);
      equal(await spend(other, { target, limit: 1 }), false);
      equal(await spend(other, { target, limit: 1, period: '2026-01-16' }), true);
      equal(await spend(other, { target: context.word('target'), limit: 1 }), true);
      const period = '2026-01';
      const failing = inUnit(storage, 'ledger', async (unit) => {
        await storage.outboundBudgets.spend(unit, { target, period, cost: 5, limit: 9, at: instantAfter(0) });
        throw new Error('planned');
      });
      await refusalOf(failing, 'the unit to fail');
      equal(await other.outboundBudgets.spent(target, period), 0);
    },
  },
  {
    id: 'outbound-budgets/give-back',
    level: 'MUST',
    title: 'what is given back can be spent again, and nothing is given back that was not spent',
    async run(context) {
      const { storage, other } = context;
      const target = context.word('target');
      const period = '2026-01-15';
      const giveBack = (cost: number): Promise<void> =>
        inUnit(other, 'ledger', (unit) => other.outboundBudgets.giveBack(unit, { target, period, cost }));
      await giveBack(1);
      equal(await spend(storage, { target, cost: 4, limit: 4 }), true);
      await giveBack(5);
      equal(await storage.outboundBudgets.spent(target, period), 4);
      await giveBack(4);
      equal(await storage.outboundBudgets.spent(target, period), 0);
      equal(await spend(storage, { target, cost: 4, limit: 4 }), true);
    },
  },
  {
    id: 'outbound-budgets/trim',
    level: 'MUST',
    title: 'trim forgets only budgets that were last spent of before the instant, at most as many as said',
    async run(context) {
      const { storage, other } = context;
      const target = context.word('target');
      const longAgo = Date.UTC(2001, 0, 1);
      for (let at = 0; at < 4; at += 1) {
        await spend(storage, { target, period: `2001-01-0${at + 1}`, at: toInstant(longAgo + at) });
      }
      await spend(storage, { target, period: '2026-01' });
      equal(await other.outboundBudgets.trim(toInstant(longAgo + 3), 2), 2);
      equal(await other.outboundBudgets.trim(toInstant(longAgo + 3), 2), 1);
      equal(await other.outboundBudgets.trim(toInstant(longAgo + 3), 2), 0);
      equal(await other.outboundBudgets.spent(target, '2001-01-04'), 1);
      equal(await storage.outboundBudgets.trim(toInstant(longAgo + 1000), 10), 1);
      equal(await storage.outboundBudgets.spent(target, '2026-01'), 1);
    },
  },
];
