import { type Finding, systemClock } from '../foundation/kernel/index.js';

/** More than a question takes, less than what would put a day, a month of numbers or an expiry wrong. */
const mostApartMillis = 30_000;

/**
 * Whether this machine's clock and a server's agree: times of leads and the expiry of idempotency keys are by this machine's, so a
 * clock that was set wrong, or back, shows here.
 * @param serverNow the server's clock in milliseconds since 1970, read just now
 */
export function clockFinding(server: 'mysql' | 'mongodb', serverNow: number): Finding {
  const apart = systemClock.now() - serverNow;
  const ok = Math.abs(apart) <= mostApartMillis;
  const seconds = Math.round(Math.abs(apart) / 1000);
  return {
    name: `${server} clock`,
    ok,
    message: ok
      ? 'agrees with this machine'
      : `this machine is ${seconds} s ${apart > 0 ? 'ahead of' : 'behind'} the server; set both by NTP`,
  };
}
