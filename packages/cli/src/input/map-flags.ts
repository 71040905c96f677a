import { amountUnits, type ColumnMapping, type ColumnTarget } from '@lms/core';
import { dateOrders, LmsError } from '@lms/core/kernel';

/**
 * `Column heading=fieldKey`: the heading may hold an equals sign, the key never does. Behind the key may stand what the cells
 * count or how their dates are read: `Amt=loanAmount:lakh`, `DOB=dateOfBirth:mdy`.
 * @throws LmsError `USAGE_INVALID`
 */
export function mappingOf(texts: readonly string[]): ColumnMapping {
  return Object.fromEntries(
    texts.map((text): [string, string | ColumnTarget] => {
      const at = text.lastIndexOf('=');
      if (at > 0 && at < text.length - 1) return [text.slice(0, at).trim(), targetOf(text.slice(at + 1).trim())];
      throw refused(`Write --map "Column heading=fieldKey", or "Column heading=-" to leave it out, not "${text}"`);
    }),
  );
}

function targetOf(text: string): string | ColumnTarget {
  const [, field, reading] = /^([A-Za-z][A-Za-z0-9]*):(\w+)$/.exec(text) ?? [];
  if (field === undefined || reading === undefined) return text;
  const unit = amountUnits.find((each) => each === reading);
  if (unit !== undefined) return { field, unit };
  const dateOrder = dateOrders.find((each) => each === reading);
  if (dateOrder !== undefined) return { field, dateOrder };
  throw refused(`behind the field may stand ${[...amountUnits, ...dateOrders].join(', ')}, not "${reading}"`);
}

function refused(message: string): LmsError {
  return new LmsError('USAGE_INVALID', { message, path: '--map' });
}
