import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decideDelivery, mostAttempts } from './delivery-decision.js';
import { mostFailuresKept, type WebhookFailure } from './webhook-store.js';

const now = Date.UTC(2026, 0, 15);
const least = { bytes: (count: number) => new Uint8Array(count) };
const most = { bytes: (count: number) => new Uint8Array(count).fill(0xff) };

function decide(
  status: number | null,
  { attempts = 1, retryAfterMillis = null as number | null, random = least } = {},
) {
  const sent = {
    status,
    code: status === null ? ('OUTBOUND_TIMEOUT' as const) : null,
    retryAfterMillis,
    durationMillis: 7,
  };
  return decideDelivery({ attempts, failures: [] }, sent, { now, random });
}

function pauseOf(decided: ReturnType<typeof decide>): number | null {
  return decided.outcome.kind === 'again' ? (Date.parse(decided.outcome.at) - now) / 1_000 : null;
}

it('pauses as the standard says, with at most a fifth more', () => {
  const standard = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, null];
  const tries = standard.map((_, at) => at + 1);
  expect(tries.map((attempts) => pauseOf(decide(500, { attempts })))).toEqual(standard);
  expect(tries.map((attempts) => pauseOf(decide(null, { attempts, random: most })))).toEqual(
    standard.map((pause) => pause && pause * 1.2),
  );
  expect(decide(500, { attempts: mostAttempts }).outcome.kind).toBe('dead');
});

it.each([200, 201, 204, 299])('%i is success', (status) => {
  expect(decide(status)).toEqual({ outcome: { kind: 'delivered', status }, gone: false });
});

it.each([100, 301, 302, 400, 404, 429, 500])('%i is a failure that is tried again', (status) => {
  expect(decide(status).outcome).toMatchObject({
    kind: 'again',
    failures: [{ status, code: null, durationMillis: 7 }],
  });
});

it('410 ends it, and the endpoint', () => {
  expect(decide(410)).toMatchObject({ outcome: { kind: 'dead' }, gone: true });
});

it('Retry-After counts when it is longer than the pause, up to a day', () => {
  expect(pauseOf(decide(429, { retryAfterMillis: 60_000 }))).toBe(60);
  expect(pauseOf(decide(429, { retryAfterMillis: 1_000 }))).toBe(5);
  expect(pauseOf(decide(503, { retryAfterMillis: 10 * 86_400_000 }))).toBe(86_400);
});

it('keeps the newest failures, and never more than twenty', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40 }), (count) => {
      const failures: readonly WebhookFailure[] = Array.from({ length: count }, (_, at) => ({
        ...{ at: `${at}`, status: 500, code: null, durationMillis: 1 },
      }));
      const sent = { status: 500, code: null, retryAfterMillis: null, durationMillis: 1 };
      const { outcome } = decideDelivery({ attempts: 1, failures }, sent, { now, random: least });
      if (outcome.kind !== 'again') throw new Error('not tried again');
      expect(outcome.failures.length).toBe(Math.min(count + 1, mostFailuresKept));
      expect(outcome.failures.at(-2)?.at).toBe(failures.at(-1)?.at);
    }),
  );
});
