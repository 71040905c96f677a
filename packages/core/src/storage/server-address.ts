import { inTime, isLoopback, LmsError } from '../foundation/kernel/index.js';

/**
 * Refuses a link off this machine in the clear.
 * @throws LmsError `STORE_MISCONFIGURED`
 */
export function requireTls(link: {
  readonly server: 'MongoDB' | 'MySQL';
  readonly hosts: readonly string[];
  readonly tls: boolean;
  readonly allowInsecure: boolean;
}): void {
  const { server, hosts, tls, allowInsecure } = link;
  const away = hosts.filter((host) => !isLoopback(host));
  if (tls || allowInsecure || away.length === 0) return;
  throw new LmsError('STORE_MISCONFIGURED', {
    message: `${server} at ${away.join(', ')} is reached without TLS; add tls=true to its URL, or say allowInsecure: true`,
  });
}

/** Rejects with `STORE_UNAVAILABLE` when a server has not answered in time. */
export async function answerWithin<Answer>(
  millis: number,
  server: string,
  answer: Promise<Answer>,
  what = 'answer',
): Promise<Answer> {
  return inTime(millis, answer, () => unavailable(server, `no ${what} within ${millis} ms`));
}

export function unavailable(server: string, why: string, cause?: unknown): LmsError {
  return new LmsError('STORE_UNAVAILABLE', {
    message: `${server} cannot be reached: ${why}. Is it running, and is the address right?`,
    ...(cause === undefined ? {} : { cause }),
  });
}
