import type { BusinessTime } from '../../foundation/kernel/index.js';
import type { DateOrders, FieldContext } from '../fields/index.js';

/** What the store is configured to: its currency and business time. */
export class LeadSettings {
  readonly #time: BusinessTime;
  readonly currency: string;

  constructor(time: BusinessTime, currency: string) {
    this.#time = time;
    this.currency = currency;
  }

  /** The IANA name of the business time zone. */
  get timeZone(): string {
    return this.#time.zone;
  }

  /** `202601`: the month in the business time zone, the series of lead numbers. */
  month(epochMillis: number): string {
    return this.#time.month(epochMillis);
  }

  fieldContext(epochMillis: number, dateOrders: DateOrders = 'dmy'): FieldContext {
    return {
      currency: this.currency,
      ...(typeof dateOrders === 'string'
        ? { dateOrder: dateOrders }
        : { dateOrder: dateOrders.others, dateOrderOf: dateOrders.fields }),
      today: this.#time.localDate(epochMillis),
      timeZone: this.#time.zone,
    };
  }
}
