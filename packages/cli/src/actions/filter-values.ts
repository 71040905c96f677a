import type { LeadStatus } from '@lms/core';
import { type CurrencyCode, LmsError, readAmount } from '@lms/core/kernel';

/** What amounts and days of a command line are read by. */
export interface StorePlace {
  readonly timeZone: string;
  readonly currency: CurrencyCode;
}

/** Paise of an amount as people type it. @param flag what it was given to. @throws LmsError `USAGE_INVALID` */
export function amountOf(text: string, flag: string, currency: CurrencyCode): number {
  const reading = readAmount(text, { currency, allowNegative: true });
  if (reading.ok) return reading.amount;
  throw new LmsError('USAGE_INVALID', {
    message: `${flag}: "${text}" ${reading.reason}; write 500000 or "5 lakh"`,
    path: flag,
  });
}

const statuses: readonly LeadStatus[] = ['pending', 'in_progress', 'won', 'lost', 'converted'];

/** @throws LmsError `USAGE_INVALID` */
export function statusOf(text: string, flag: string): LeadStatus {
  const status = statuses.find((each) => each === text.replace('-', '_'));
  if (status !== undefined) return status;
  const message = `${flag} is ${statuses.join(', ')}, not "${text}"`;
  throw new LmsError('USAGE_INVALID', { message, path: flag });
}

/** A user's id; null for `none`. */
export function ownerOf(text: string): string | null {
  return text === 'none' ? null : text;
}
