import type { LmsError } from './errors.js';

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
