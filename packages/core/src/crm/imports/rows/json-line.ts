/** A value of a JSON object as it stands in the text: numbers keep their digits, lists and objects their text. */
export type JsonValue =
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly raw: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'nested'; readonly raw: string };

export interface JsonMember {
  readonly key: string;
  readonly value: JsonValue;
  /** Key and value as they stand in the line. */
  readonly raw: string;
}

/** Whether a text begins as JSON objects do, one a line. */
export function looksLikeNdjson(sample: string): boolean {
  const lines = sample.split(/\r?\n/).filter((line) => line.trim() !== '');
  const first = lines.slice(0, 20);
  const objects = first.filter((line) => /^\s*\{\s*(?:\}|"(?:[^"\\]|\\.){0,300}"\s*:)/.test(line));
  return objects.length * 2 > first.length;
}

/**
 * The members of a line that is one JSON object, in their order; null for any other line. Unlike `JSON.parse` it tells a key that
 * stands twice, and numbers of more digits than a double has.
 */
export function parseJsonLine(line: string): readonly JsonMember[] | null {
  const members: JsonMember[] = [];
  let at = pastSpace(line, 0);
  if (line[at] !== '{') return null;
  at = pastSpace(line, at + 1);
  if (line[at] === '}') return isEnd(line, at + 1) ? members : null;
  for (;;) {
    const begin = at;
    const keyEnd = endOfString(line, at);
    const key = stringAt(line, at, keyEnd);
    at = pastSpace(line, keyEnd);
    if (key === null || line[at] !== ':') return null;
    at = pastSpace(line, at + 1);
    const end = endOfValue(line, at);
    const value = valueAt(line, at, end);
    if (value === null) return null;
    members.push({ key, value, raw: line.slice(begin, end) });
    at = pastSpace(line, end);
    if (line[at] === '}') return isEnd(line, at + 1) ? members : null;
    if (line[at] !== ',') return null;
    at = pastSpace(line, at + 1);
  }
}

const spaces = ' \t\r\n';
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;
/** Escapes, and control characters, which JSON does not allow in a string. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unusual = /[\u0000-\u001f\\]/;

function pastSpace(line: string, from: number): number {
  let at = from;
  while (at < line.length && spaces.includes(line[at] ?? '')) at += 1;
  return at;
}

function isEnd(line: string, from: number): boolean {
  return pastSpace(line, from) === line.length;
}

/** Behind the closing quote; the place itself when there is no string. */
function endOfString(line: string, from: number): number {
  if (line[from] !== '"') return from;
  for (let at = line.indexOf('"', from + 1); at >= 0; at = line.indexOf('"', at + 1)) {
    let slashes = 0;
    while (line[at - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
  return from;
}

function stringAt(line: string, from: number, end: number): string | null {
  if (end === from) return null;
  const content = line.slice(from + 1, end - 1);
  if (!unusual.test(content)) return content;
  const parsed = parsedOrUndefined(line.slice(from, end));
  return typeof parsed === 'string' ? parsed : null;
}

/** Behind a value; the place itself when none begins there. */
function endOfValue(line: string, from: number): number {
  const first = line[from];
  if (first === '"') return endOfString(line, from);
  if (first === '{' || first === '[') return endOfNested(line, from);
  const simple = first === '-' || (first !== undefined && first >= '0' && first <= '9') ? number : word;
  simple.lastIndex = from;
  return from + (simple.exec(line)?.[0].length ?? 0);
}

function endOfNested(line: string, from: number): number {
  let depth = 0;
  for (let at = from; at < line.length; at += 1) {
    const sign = line[at];
    if (sign === '"') {
      const end = endOfString(line, at);
      if (end === at) return from;
      at = end - 1;
    } else if (sign === '{' || sign === '[') {
      depth += 1;
    } else if (sign === '}' || sign === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return from;
}

function valueAt(line: string, from: number, end: number): JsonValue | null {
  if (end === from) return null;
  const first = line[from];
  if (first === '"') {
    const text = stringAt(line, from, end);
    return text === null ? null : { kind: 'string', text };
  }
  const raw = line.slice(from, end);
  if (first === '{' || first === '[') return parsedOrUndefined(raw) === undefined ? null : { kind: 'nested', raw };
  if (raw === 'null') return { kind: 'null' };
  if (raw === 'true' || raw === 'false') return { kind: 'boolean', value: raw === 'true' };
  return { kind: 'number', raw };
}

function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
