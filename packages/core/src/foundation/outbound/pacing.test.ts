import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TestClock } from '../../testing/index.js';
import { cryptoRandom } from '../kernel/index.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { defaultTarget } from './outbound-target.js';
import { retryAfterMillis } from './retry-after.js';
import { isRepeatable, pauseBeforeRetry, type RetryQuestion } from './retry-decision.js';
import { TokenBucket } from './token-bucket.js';
import { Turnstile } from './turnstile.js';

const clockAtNoon = (): TestClock => new TestClock('2026-01-31T12:00:00.000Z');

describe('Retry-After', () => {
  const now = Date.parse('2026-01-31T12:00:00.000Z');
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7_000],
    ['Sat, 31 Jan 2026 12:00:30 GMT', 30_000],
    ['Sat, 31 Jan 2026 11:00:00 GMT', 0],
    ['Saturday, 31-Jan-26 12:00:30 GMT', 30_000],
    ['Sat Jan 31 12:00:30 2026', 30_000],
    ['Sun Feb  1 12:00:00 2026', 86_400_000],
    ['Sat, 31 Jan 2026 12:00:30', null],
    ['-1', null],
    ['1.5', null],
    ['soon', null],
    ['Sat, nonsense', null],
    ['99999999999', null],
  ])('%s is %s', (value, millis) => {
    expect(retryAfterMillis(value, now)).toBe(millis);
  });
});

describe('whether and when a request is sent again', () => {
  const question: RetryQuestion = {
    end: { kind: 'unknown' },
    tries: 1,
    repeatable: true,
    policy: defaultTarget.retry,
    now: 1_000_000,
    deadline: 1_060_000,
  };
  const statuses = fastCheck.integer({ min: 100, max: 599 });
  const ends = fastCheck.oneof(
    fastCheck.constant({ kind: 'not-sent' } as const),
    fastCheck.constant({ kind: 'unknown' } as const),
    fastCheck
      .tuple(statuses, fastCheck.boolean())
      .map(([status, redirected]) => ({ kind: 'answered', status, retryAfter: undefined, redirected }) as const),
  );

  it('never sends again what may have been done and must not be done twice', () => {
    fastCheck.assert(
      fastCheck.property(ends, (end) => {
        const pause = pauseBeforeRetry({ ...question, end, repeatable: false }, cryptoRandom());
        const isSafe = end.kind === 'not-sent' || (end.kind === 'answered' && end.status === 429 && !end.redirected);
        expect(pause !== null).toBe(isSafe);
      }),
    );
  });

  it('waits a part of a pause that doubles up to the longest, and never beyond the deadline', () => {
    const tries = fastCheck.integer({ min: 1, max: 60 });
    fastCheck.assert(
      fastCheck.property(tries, fastCheck.integer({ min: 1, max: 60_000 }), (tried, left) => {
        const policy = { ...defaultTarget.retry, attempts: 100 };
        const given = { ...question, policy, tries: tried, deadline: question.now + left };
        const pause = pauseBeforeRetry(given, cryptoRandom());
        if (pause === null) return;
        expect(pause).toBeLessThanOrEqual(Math.min(10_000, 250 * 2 ** (tried - 1)));
        expect(pause).toBeLessThan(left);
      }),
    );
  });

  it('holds methods for repeatable that RFC 9110 calls idempotent, and any with a key', () => {
    const repeatable = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'POST', 'PATCH'].filter((method) =>
      isRepeatable(method, undefined),
    );
    expect(repeatable).toEqual(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);
    expect(isRepeatable('POST', 'key')).toBe(true);
  });
});

describe('a rate', () => {
  it('is never exceeded in any span of time, however calls come', () => {
    const steps = fastCheck.array(fastCheck.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 200 });
    fastCheck.assert(
      fastCheck.property(steps, (pauses) => {
        const clock = clockAtNoon();
        const bucket = new TokenBucket({ perSecond: 5, burst: 3 }, clock);
        const taken: number[] = [];
        for (const pause of pauses) {
          clock.advance(`${pause}ms`);
          if (bucket.take() === 0) taken.push(clock.now());
        }
        for (const [first, from] of taken.entries()) {
          for (const [more, until] of taken.slice(first).entries()) {
            expect(more + 1).toBeLessThanOrEqual(3 + ((until - from) * 5) / 1000 + 1e-6);
          }
        }
      }),
    );
  });
});

it('a clock that is set back gives nothing, and set forward again no more than a burst', () => {
  let now = 1_000_000_000;
  const bucket = new TokenBucket({ perSecond: 5, burst: 3 }, { now: () => now });
  for (let at = 0; at < 3; at += 1) expect(bucket.take()).toBe(0);
  now -= 3_600_000;
  expect(bucket.take()).toBe(200);
  now += 3_600_000;
  expect([bucket.take(), bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 0, 200]);
});

describe('a breaker', () => {
  const policy = { windowMillis: 10_000, minimumCalls: 4, failureRatio: 0.5, openMillis: 5_000 };
  const fail = (breaker: CircuitBreaker, outcome: 'failed' | 'succeeded' | 'spared' = 'failed'): void => {
    const call = breaker.admit();
    if ('end' in call) call.end(outcome);
  };

  it('opens at the share of failures, not before the least number of calls', () => {
    const breaker = new CircuitBreaker(policy, clockAtNoon());
    for (const outcome of ['failed', 'failed', 'succeeded'] as const) fail(breaker, outcome);
    expect(breaker.state).toBe('closed');
    fail(breaker, 'spared');
    expect(breaker.state).toBe('closed');
    fail(breaker, 'succeeded');
    expect(breaker.state).toBe('open');
  });

  it('forgets what is older than the window', () => {
    const clock = clockAtNoon();
    const breaker = new CircuitBreaker(policy, clock);
    for (let at = 0; at < 3; at += 1) fail(breaker);
    clock.advance('11s');
    fail(breaker);
    expect(breaker.state).toBe('closed');
  });

  it('lets one probe through at a time, which decides', () => {
    const clock = clockAtNoon();
    const breaker = new CircuitBreaker(policy, clock);
    for (let at = 0; at < 4; at += 1) fail(breaker);
    expect(breaker.admit()).toEqual({ refusedForMillis: 5_000 });
    clock.advance('5s');
    const probe = breaker.admit();
    expect(breaker.admit()).toEqual({ refusedForMillis: 0 });
    if ('end' in probe) probe.end('spared');
    fail(breaker);
    expect(breaker.admit()).toEqual({ refusedForMillis: 5_000 });
    clock.advance('5s');
    fail(breaker, 'succeeded');
    expect(breaker.state).toBe('closed');
    expect('end' in breaker.admit()).toBe(true);
  });

  it('is not kept open by a clock that was set back', () => {
    let now = 1_000_000_000;
    const breaker = new CircuitBreaker(policy, { now: () => now });
    for (let at = 0; at < 4; at += 1) fail(breaker);
    now -= 86_400_000;
    expect(breaker.state).toBe('open');
    now += 5_000;
    expect(breaker.state).toBe('half-open');
  });
});

describe('a turnstile', () => {
  it('hands places on in the order of asking, and a caller who gives up leaves no gap', async () => {
    const turnstile = new Turnstile({ calls: 1, waiting: 3 });
    const { signal } = new AbortController();
    const order: string[] = [];
    const leave = await turnstile.enter(signal);
    const enter = (name: string, given = signal): Promise<(() => void) | null> =>
      turnstile.enter(given).then((left) => {
        order.push(name);
        return left;
      });
    const first = enter('first');
    const stop = new AbortController();
    const second = enter('second', stop.signal);
    const third = enter('third');
    expect(await turnstile.enter(signal)).toBeNull();
    stop.abort(new Error('gave up'));
    await expect(second).rejects.toThrow('gave up');
    leave?.();
    leave?.();
    (await first)?.();
    (await third)?.();
    expect(order).toEqual(['first', 'third']);
    expect(await turnstile.enter(signal)).not.toBeNull();
  });
});
