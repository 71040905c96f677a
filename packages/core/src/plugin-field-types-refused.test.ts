import { describe, expect, it } from 'vitest';
import { callUntyped } from '../test-support/call-untyped.js';
import { vehicleNumber } from '../test-support/vehicle-plugin.js';
import { createLms, definePlugin, type OwnTypeContext } from './index.js';
import { sqlite } from './storage/sqlite.js';

describe('a field type is refused', () => {
  const made = (changes: object): unknown => ({ name: 'acme', fieldTypes: [{ ...vehicleNumber, ...changes }] });
  const never = sqlite({ file: 'never-opened.db' });
  const rejecting = async (): Promise<never> => {
    throw new Error('later');
  };
  const shout = (text: string): object => ({ value: `${text}!` });

  it.each([
    ['that is called after another plugin', { name: 'other.vehicle-number' }, /must be called acme\./],
    ['with a name that is none', { name: 'vehicle' }, /plugins\.0\.fieldTypes\.0\.name/],
    ['that does not say how values are protected', { pii: undefined }, /fieldTypes\.0\.pii/],
    ['with a part that it cannot have', { pars: () => null }, /pars/],
    ['without a sample', { samples: [] }, /at least one sample/],
    ['that refuses its sample', { samples: ['bicycle'] }, /own sample "bicycle".*is no registration mark/],
    ['that throws at its sample', { samples: ['XX12AB1234'] }, /parse failed: no such state/],
    ['that is async', { parse: rejecting }, /parse is async/],
    ['that gives a value of another base', { parse: () => ({ value: 5 }) }, /no value of the type text/],
    ['that gives a text in no canonical form', { parse: () => ({ value: ' A ' }) }, /no value of the type text/],
    ['that answers with nothing', { parse: () => undefined }, /neither a value nor a problem/],
    ['that reads its value as another', { parse: shout }, /does not read its own value/],
    ['whose print is not read', { format: () => 'a car' }, /as format prints it/],
    ['whose mask shows the value', { mask: (value: string) => `*${value.toLowerCase()}*` }, /mask shows the value/],
    ['whose index key is none', { indexKey: () => '' }, /indexKey gave/],
    ['whose JSON Schema is of another kind', { jsonSchema: { type: 'number' } }, /another type than string/],
    ['whose TypeScript ends the line', { typescript: 'string;\nlet x' }, /on one line/],
    ['whose dates hang on an order', { base: 'date', samples: ['05/04/2026'], parse: readDay }, /where dates are/],
  ])('%s', async (_what, changes, message) => {
    const plugins: readonly unknown[] = [made({ format: undefined, mask: undefined, ...changes })];
    await expect(callUntyped({ createLms }, 'createLms', { storage: never, plugins })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(message),
    });
    await new Promise(setImmediate);
  });

  it('whose name is taken', async () => {
    const plugins = [definePlugin({ name: 'acme', fieldTypes: [vehicleNumber, vehicleNumber] })];
    await expect(createLms({ storage: never, plugins })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

/** Reads days in the order that it is told, its own spelling of them too. */
function readDay(text: string, { dateOrder }: OwnTypeContext): object {
  const parts = text.split(/[/-]/);
  return { value: dateOrder === 'ymd' ? '2026-01-01' : [...parts].sort((a, b) => b.length - a.length).join('-') };
}
