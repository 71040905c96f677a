import type { AnyFieldTypeName, FieldTypeName } from '../field-definition.js';
import type { FieldType } from '../field-type.js';
import { aadhaar } from './aadhaar.js';
import { address } from './address.js';
import { boolean } from './boolean.js';
import { date } from './date.js';
import { dateTime } from './date-time.js';
import { decimal } from './decimal.js';
import { email } from './email.js';
import { enumeration } from './enum.js';
import { gstin } from './gstin.js';
import { ifsc } from './ifsc.js';
import { integer } from './integer.js';
import { longText } from './long-text.js';
import { money } from './money.js';
import { multiEnum } from './multi-enum.js';
import { pan } from './pan.js';
import { percent } from './percent.js';
import { phone } from './phone.js';
import { pincode } from './pincode.js';
import { text } from './text.js';
import { url } from './url.js';

/** Types whose capability does not exist yet; a definition that uses one cannot be published. */
export type UnavailableFieldTypeName = 'file' | 'formula' | 'user' | 'lead';
export type AvailableFieldTypeName = Exclude<FieldTypeName, UnavailableFieldTypeName>;

/** Every field type there is, by name. */
export const fieldTypes: Readonly<Record<AvailableFieldTypeName, FieldType>> = {
  text,
  'long-text': longText,
  integer,
  decimal,
  money,
  percent,
  boolean,
  date,
  'date-time': dateTime,
  enum: enumeration,
  'multi-enum': multiEnum,
  phone,
  email,
  url,
  pan,
  aadhaar,
  gstin,
  ifsc,
  pincode,
  address,
};

export function isAvailableFieldType(name: AnyFieldTypeName): name is AvailableFieldTypeName {
  return Object.hasOwn(fieldTypes, name);
}
