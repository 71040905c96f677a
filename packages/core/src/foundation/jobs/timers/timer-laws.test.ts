import { array, asyncProperty, assert as check, constant, constantFrom, integer, oneof, record } from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestLms, type TestLms } from '../../../testing/index.js';

type Step =
  | { readonly kind: 'set'; readonly key: string; readonly minutes: number }
  | { readonly kind: 'cancel'; readonly key: string }
  | { readonly kind: 'advance'; readonly minutes: number }
  | { readonly kind: 'tick' };

const key = constantFrom('a', 'b', 'c');
const minutes = integer({ min: 0, max: 4 });
const steps = array(
  oneof(
    record({ kind: constant('set' as const), key, minutes }),
    record({ kind: constant('cancel' as const), key }),
    record({ kind: constant('advance' as const), minutes }),
    record({ kind: constant('tick' as const) }),
  ),
  { maxLength: 12 },
);

let test: TestLms;
beforeAll(async () => {
  test = await createTestLms();
});
afterAll(() => test.close());

it('fires each setting of a timer that is neither replaced nor cancelled before a tick at its time, and no other', async () => {
  let rounds = 0;
  await check(
    asyncProperty(steps, async (given: readonly Step[]) => {
      rounds += 1;
      const named = (name: string): string => `${rounds}/${name}`;
      /** What the store must hold: when each key is due, and which settings have fired. */
      const due = new Map<string, { readonly id: string; readonly at: number }>();
      const fired = new Set<string>();
      const settings = new Set<string>();
      for (const step of [...given, { kind: 'advance', minutes: 5 } as const, { kind: 'tick' } as const]) {
        if (step.kind === 'set') {
          const at = test.clock.now() + step.minutes * 60_000;
          const { id } = await test.admin.timers.set({ key: named(step.key), dueAt: new Date(at).toISOString() });
          due.set(step.key, { id, at });
          settings.add(id);
        } else if (step.kind === 'cancel') {
          expect(await test.admin.timers.cancel(named(step.key))).toBe(due.delete(step.key));
        } else if (step.kind === 'advance') {
          test.clock.advance(`${step.minutes}m`);
        } else {
          const ready = [...due].filter(([, { at }]) => at <= test.clock.now());
          expect((await test.lms.tick()).timers).toEqual({ fired: ready.length, failed: 0 });
          for (const [name, { id }] of ready) {
            due.delete(name);
            fired.add(id);
          }
        }
      }
      for (const id of settings) {
        const { rows } = await test.admin.audit.list({ aggregateId: id, limit: 5 });
        expect(rows.filter(({ eventType }) => eventType === 'timer.fired')).toHaveLength(fired.has(id) ? 1 : 0);
      }
    }),
    { numRuns: 25 },
  );
});
