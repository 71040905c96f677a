import { type Decimal, decimalScale } from '../../../foundation/kernel/index.js';
import type { FieldDefinition } from '../field-definition.js';
import type { Rule } from './define-type.js';

/** Digits after the point when a field names no precision, and the most it can name. */
const mostPlaces = 12;

/** `precision`: how many digits may stand after the point. A longer value is refused, never rounded. */
export const precisionRule: Rule<Decimal> = {
  validations: ['precision'],
  check(value, field) {
    const [places, most] = [decimalScale(value), placesOf(field)];
    if (places <= most) return [];
    return [
      {
        rule: 'precision',
        message: `the number has ${places} digits after the point`,
        expected: most === 0 ? 'a whole number' : `at most ${most}`,
      },
    ];
  },
  lint(field) {
    const { precision } = field.validation ?? {};
    if (precision === undefined || (Number.isInteger(precision) && precision >= 0 && precision <= mostPlaces))
      return [];
    return [
      {
        rule: 'precision',
        message: `precision ${precision} is no number of digits`,
        expected: `a whole number from 0 to ${mostPlaces}`,
      },
    ];
  },
};

/** The pattern of a canonical decimal with no more digits after the point than the field takes. */
export function decimalSchema(field: FieldDefinition): { readonly type: 'string'; readonly pattern: string } {
  const places = placesOf(field);
  const fraction = `\\d{0,${Math.max(0, places - 1)}}[1-9]`;
  return {
    type: 'string',
    pattern: places === 0 ? '^(?:0|-?[1-9]\\d*)$' : `^(?:0|-?(?:[1-9]\\d*(?:\\.${fraction})?|0\\.${fraction}))$`,
  };
}

function placesOf(field: FieldDefinition): number {
  return field.validation?.precision ?? mostPlaces;
}
