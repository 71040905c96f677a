/** Money in minor units of the store's one currency: `{ amountPaise: 50000000 }` is ₹5,00,000. */
export interface MoneyValue {
  readonly amountPaise: number;
}

/** What LMS keeps of an Aadhaar number: never the 12 digits (UIDAI circular K-11020/205/2017). */
export interface AadhaarValue {
  readonly last4: string;
  /** The key under which an Aadhaar data vault knows the number. */
  readonly referenceKey?: string;
}

export interface AddressValue {
  readonly line1: string;
  readonly line2?: string;
  readonly city?: string;
  readonly state?: string;
  readonly pincode?: string;
}

/**
 * The value of a field. Decimal and percent are canonical decimal text (percent in points: `"14"` is 14 %), a date is
 * `YYYY-MM-DD`, a date-time an instant in UTC, a phone E.164, a multi-enum its options in option order.
 */
export type FieldValue = string | number | boolean | readonly string[] | MoneyValue | AadhaarValue | AddressValue;

/** Values by field key. An empty field has no key. */
export type FieldValues = Readonly<Record<string, FieldValue>>;

/** What was typed, by field key, kept beside the value; masked for Aadhaar. */
export type EnteredTexts = Readonly<Record<string, string>>;
