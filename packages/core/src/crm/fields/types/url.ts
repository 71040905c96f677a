import type { FieldType } from '../field-type.js';
import { hideAadhaarNumbers } from '../identity/index.js';
import { defineType, type Reading } from './define-type.js';
import { maskAll } from './masks.js';
import { patternRule, patternSchema } from './pattern-rule.js';

const longestAddress = 2048;

/** Without blanks, which no address has. */
const hidden = 'XXXXXXXX';

function read(input: string): Reading<string> {
  const typed = hideAadhaarNumbers(input, hidden);
  if (/\s/.test(typed)) return { ok: false, reason: 'has a space in it' };
  const scheme = /^([a-z][a-z0-9+.-]*):(?!\d+(?:\/|$))/i.exec(typed)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    return { ok: false, reason: 'is not an address of the web' };
  }
  const url = URL.parse(scheme === undefined ? `https://${typed}` : typed);
  if (url === null || !url.hostname.includes('.')) return { ok: false, reason: 'is not an address of the web' };
  if (url.username !== '' || url.password !== '') return { ok: false, reason: 'holds a user name or password' };
  if (url.href.length > longestAddress) return { ok: false, reason: `is longer than ${longestAddress} characters` };
  return { ok: true, value: url.href, entered: typed };
}

/** An http or https address as browsers write it; `https` when none is typed. */
export const url: FieldType<string> = defineType<string>({
  name: 'url',
  controls: ['input'],
  pii: 'none',
  indexKind: 'text',
  rules: [patternRule('none')],
  expected: () => 'an address such as https://www.example.in',
  read,
  typeScript: () => 'string',
  print: (value) => value,
  jsonSchema: (field) => ({
    type: 'string',
    maxLength: longestAddress,
    pattern: '^https?://[^\\s]+$',
    ...patternSchema(field),
  }),
  mask: maskAll,
  normalise: (value) => value,
});
