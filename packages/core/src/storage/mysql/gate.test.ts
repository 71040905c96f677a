import { expect, it } from 'vitest';
import { Gate } from './gate.js';

it('never lets more pass than its limit, in order, also after failures', async () => {
  const gate = new Gate(3);
  const order: number[] = [];
  let inside = 0;
  let most = 0;
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, (_, caller) =>
      gate.pass(async () => {
        order.push(caller);
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setTimeout(resolve, 1));
        inside -= 1;
        if (caller % 4 === 0) throw new Error('failed');
      }),
    ),
  );
  expect(most).toBe(3);
  expect(order).toEqual(Array.from({ length: 20 }, (_, caller) => caller));
  expect(outcomes.filter((outcome) => outcome.status === 'rejected')).toHaveLength(5);
});
