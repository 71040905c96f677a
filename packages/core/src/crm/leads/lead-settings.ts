import type { BusinessTime } from '../../foundation/kernel/index.js';
import type { FieldContext } from '../fields/index.js';

/** What the store is configured to: its currency and business time. */
export class LeadSettings {
  readonly #time: BusinessTime;
  readonly #currency: string;

  constructor(time: BusinessTime, currency: string) {
    this.#time = time;
    this.#currency = currency;
  }

  /** `202601`: the month in the business time zone, the series of lead numbers. */
  month(epochMillis: number): string {
    return this.#time.month(epochMillis);
  }

  fieldContext(epochMillis: number, dateOrder: FieldContext['dateOrder'] = 'dmy'): FieldContext {
    return {
      currency: this.#currency,
      dateOrder,
      today: this.#time.localDate(epochMillis),
      timeZone: this.#time.zone,
    };
  }
}
