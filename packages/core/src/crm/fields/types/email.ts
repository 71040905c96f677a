import type { FieldType } from '../field-type.js';
import { defineType, type Reading } from './define-type.js';
import { patternRule, patternSchema } from './pattern-rule.js';

const longestAddress = 254;
const longestLocal = 64;
const atom = "[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_`{|}~-]+";
const localPart = new RegExp(`^${atom}(?:\\.${atom})*$`, 'u');
const domainLabel = '[\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N}-]{0,61}[\\p{L}\\p{M}\\p{N}])?';
const domainPart = new RegExp(`^(?:${domainLabel}\\.)+(?=.*\\p{L})${domainLabel}$`, 'u');

function read(typed: string): Reading<string> {
  const text = typed.replace(/^mailto:/i, '').replace(/^<(.*)>$/, '$1');
  if (text.length > longestAddress) return { ok: false, reason: 'is too long for an email address' };
  const parts = text.split('@');
  if (parts.length === 1) return { ok: false, reason: 'has no @' };
  if (parts.length > 2) return { ok: false, reason: 'has more than one @; give one address' };
  const [local = '', typedDomain = ''] = parts;
  const domain = typedDomain.toLowerCase();
  if (/\s/.test(text)) return { ok: false, reason: 'has a space in it' };
  if (local.length > longestLocal || !localPart.test(local)) {
    return { ok: false, reason: 'has something before the @ that is no mailbox' };
  }
  if (!domainPart.test(domain)) return { ok: false, reason: 'has something after the @ that is no domain' };
  return { ok: true, value: `${local}@${domain}` };
}

/** An email address; the domain in small letters, the mailbox as typed. Equal without regard to case. */
export const email: FieldType<string> = defineType<string>({
  name: 'email',
  controls: ['email', 'input'],
  pii: 'identifier',
  indexKind: 'hash',
  rules: [patternRule('identifier')],
  expected: () => 'an email address such as asha.verma@example.in',
  read,
  typeScript: () => 'string',
  print: (value) => value,
  jsonSchema: (field) => ({
    type: 'string',
    maxLength: longestAddress,
    pattern: '^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$',
    ...patternSchema(field),
  }),
  mask(value) {
    const at = value.lastIndexOf('@');
    return `${[...value][0] ?? ''}***${value.slice(at)}`;
  },
  normalise: (value) => value.toLowerCase(),
});
