import { definePlugin, type Plugin, type PluginFieldTypeOf } from '../src/index.js';
import { loanLine } from './loan-line.js';

/** `MH12AB1234`: state, district, series, number. Printed in its four parts. */
export const vehicleNumber: PluginFieldTypeOf<'text'> = {
  name: 'acme.vehicle-number',
  base: 'text',
  pii: 'identifier',
  expected: 'a vehicle number such as MH12AB1234',
  samples: ['mh 12 ab 1234', 'DL-1C-AA-1111', 'KA05M9'],
  parse(text) {
    const bare = text.toUpperCase().replace(/[\s.-]/g, '');
    const [, state, district, series, serial] = vehicle.exec(bare) ?? [];
    if (serial === undefined) return { problem: 'is no registration mark' };
    if (state === 'XX') throw new TypeError(`no such state in ${text}`);
    if (state === 'YY') return { problem: `has the state of nobody: ${text}` };
    return { value: `${state}${district}${series}${serial}` };
  },
  format: (value) => value.replace(vehicle, '$1 $2 $3 $4'),
  mask: (value) => `${value.slice(0, 2)}********`,
  jsonSchema: { pattern: '^[A-Z]{2}[0-9]{1,2}[A-Z]{1,3}[0-9]{1,4}$' },
};

const vehicle = /^([A-Z]{2})(\d{1,2})([A-Z]{1,3})(\d{1,4})$/;

/** A whole number of grams in the clear, typed with its unit. */
export const goldWeight: PluginFieldTypeOf<'integer'> = {
  name: 'acme.gold-weight',
  base: 'integer',
  pii: 'none',
  expected: 'a weight such as 12 g or 2 tola',
  samples: ['12 g', '2 tola', '7'],
  parse(text) {
    const [, digits = '', unit = 'g'] = /^(\d{1,6})\s*(g|gm|tola)?$/i.exec(text) ?? [];
    if (digits === '') return { problem: 'is no weight', expected: 'grams or tolas' };
    return { value: unit.toLowerCase() === 'tola' ? Math.round(Number(digits) * 11.6638) : Number(digits) };
  },
  format: (value) => `${value} g`,
};

export const acme: Plugin = definePlugin({ name: 'acme', fieldTypes: [vehicleNumber, goldWeight] });

/** A line whose leads are told apart by their vehicles and found by the weight of their gold. */
export const vehicleLine = {
  slug: 'vehicle-loan',
  name: 'Vehicle loan',
  roles: { name: 'fullName', phone: 'mobile' },
  unique: [{ name: 'vehicle', scope: 'line', fields: ['vehicle'], while: 'open' }],
  index: ['vehicle', 'gold'],
  fields: [
    { key: 'fullName', label: 'Full name', type: 'text', required: true },
    { key: 'mobile', label: 'Mobile', type: 'phone', required: true },
    { key: 'vehicle', label: 'Vehicle', type: 'acme.vehicle-number', synonyms: ['Registration No'] },
    { key: 'gold', label: 'Gold', type: 'acme.gold-weight', validation: { max: 500 } },
  ],
  pipeline: {
    stages: [
      {
        ...loanLine.pipeline.stages[0],
        tasks: [
          {
            slug: 'inspection',
            name: 'Inspection',
            fields: [{ key: 'seen', label: 'Seen', type: 'acme.vehicle-number' }],
          },
        ],
      },
      ...loanLine.pipeline.stages.slice(1),
    ],
  },
};

let made = 0;

/** A new lead of that line that no other call gives. */
export function vehicleLead(fields: Readonly<Record<string, unknown>> = {}): {
  productLine: string;
  fields: Record<string, unknown>;
} {
  made += 1;
  return {
    productLine: vehicleLine.slug,
    fields: {
      fullName: `Asha Rao ${made}`,
      mobile: String(9_100_000_000 + made),
      vehicle: `MH 12 AB ${1000 + made}`,
      ...fields,
    },
  };
}
