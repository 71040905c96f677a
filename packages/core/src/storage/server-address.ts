import { LmsError } from '../foundation/kernel/index.js';

/** True for names of this machine: `localhost`, 127.0.0.0/8, `::1`. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  return name === 'localhost' || name === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}

/** Text of a URL with its percent signs read. @param refusal what is thrown for one that stands for nothing */
export function percentDecoded(text: string, refusal: () => LmsError): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refusal();
  }
}

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
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unavailable(server, `no ${what} within ${millis} ms`)), millis);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

export function unavailable(server: string, why: string, cause?: unknown): LmsError {
  return new LmsError('STORE_UNAVAILABLE', {
    message: `${server} cannot be reached: ${why}. Is it running, and is the address right?`,
    ...(cause === undefined ? {} : { cause }),
  });
}
