import type { Json } from '../../foundation/kernel/index.js';
import { hideAadhaarNumbers } from '../fields/index.js';

/** What LMS itself writes, whose digits may look like a number: ids, and numbers of leads. */
const ours = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|LEAD-\d{6}-\d+)/i;

/** A text in the clear as those may see it who see personal values masked: Aadhaar numbers that somebody typed into it are hidden. */
export function veiledText(text: string): string {
  return text
    .split(ours)
    .map((part, index) => (index % 2 === 1 ? part : hideAadhaarNumbers(part)))
    .join('');
}

/** The same of a text that may be absent. */
export function veiledOrNull(text: string | null): string | null {
  return text === null ? null : veiledText(text);
}

/** The same of each value. */
export function veiledValues(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, veiledText(text)]));
}

/** The same of every text in it, names of keys excepted. */
export function veiledJson(json: Json): Json {
  if (typeof json === 'string') return veiledText(json);
  if (typeof json !== 'object' || json === null) return json;
  if (isList(json)) return json.map(veiledJson);
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, veiledJson(value)]));
}

function isList(json: object): json is readonly Json[] {
  return Array.isArray(json);
}
