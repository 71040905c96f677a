import { type CurrencyCode, formatAmount } from '@lms/core/kernel';

/** Values as a person of the store's business reads them. */
export interface Format {
  /** `₹5,00,000`; nothing for null. */
  amount(amountPaise: number | null): string;
  /** `₹2.5 L`, for boards. */
  shortAmount(amountPaise: number | null): string;
  /** `2026-01-31 15:00`, in the business time zone; nothing for null. */
  time(instant: string | null): string;
}

export interface FormatOptions {
  readonly currency: CurrencyCode;
  readonly timeZone: string;
}

export function formatFor({ currency, timeZone }: FormatOptions): Format {
  // The Swedish form of a date and time is the ISO one without the T.
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return {
    amount: (amountPaise) => (amountPaise === null ? '' : formatAmount(amountPaise, { currency })),
    shortAmount: (amountPaise) => (amountPaise === null ? '' : formatAmount(amountPaise, { currency, style: 'short' })),
    time: (instant) => (instant === null ? '' : clock.format(new Date(instant))),
  };
}
