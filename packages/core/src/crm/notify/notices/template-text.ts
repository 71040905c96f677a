import { cleanText, LmsError } from '../../../foundation/kernel/index.js';

/** `{{lead.number}}`, or with what stands there where there is none: `{{owner.name|our team}}`. */
export interface Placeholder {
  readonly name: string;
  readonly fallback: string | null;
}

/** What placeholders stand for; null for what this lead does not have. */
export type TemplateValues = ReadonlyMap<string, string | null>;

export type Escape = (value: string) => string;

const placeholderPattern = /\{\{([^{}]*)\}\}/g;

export function placeholdersOf(text: string): readonly Placeholder[] {
  return Array.from(text.matchAll(placeholderPattern), ([, inside = '']) => placeholderOf(inside));
}

/** Whether double braces are left that belong to no placeholder. */
export function hasStrayBraces(text: string): boolean {
  return /\{\{|\}\}/.test(text.replace(placeholderPattern, ''));
}

/**
 * The text with its values, each made one line and escaped.
 * @throws LmsError `NOTICE_VARIABLE_MISSING` for one that has neither a value nor a fallback
 */
export function renderText(text: string, values: TemplateValues, escaping: Escape): string {
  return text.replace(placeholderPattern, (_whole, inside: string) => {
    const { name, fallback } = placeholderOf(inside);
    const value = cleanText(values.get(name) ?? '');
    if (value !== '') return escaping(value);
    if (fallback !== null) return escaping(fallback);
    throw new LmsError('NOTICE_VARIABLE_MISSING', {
      message: `there is no ${name} here; give the template a fallback, as in {{${name}|...}}`,
      details: { variable: name },
    });
  });
}

export const asItIs: Escape = (value) => value;

const htmlEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const forHtml: Escape = (value) => value.replace(/[&<>"']/g, (sign) => htmlEntities[sign] ?? sign);

/** Inside a string of JSON. */
export const forJson: Escape = (value) => JSON.stringify(value).slice(1, -1);

/** Inside a form, and a query. */
export const forForm: Escape = (value) => encodeURIComponent(value);

function placeholderOf(inside: string): Placeholder {
  const bar = inside.indexOf('|');
  if (bar < 0) return { name: inside.trim(), fallback: null };
  return { name: inside.slice(0, bar).trim(), fallback: inside.slice(bar + 1).trim() };
}
