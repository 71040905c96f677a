import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { type Json, LmsError, type Problem } from '../../foundation/kernel/index.js';
import { jsonPath } from './json-path.js';
import { type ProductLineDefinition, readDefinition } from './product-line-definition.js';

export type DefinitionFormat = 'yaml' | 'json';

/** A place in a text; both count from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** A definition file, read but not yet checked. */
export interface DefinitionText {
  readonly json: Json;
  /** Where a path of a {@link Problem} stands in the text; the nearest place around it when it is not there itself. */
  locate(path: string): TextPosition | null;
}

/** Makes the error of a file that is refused. */
export type Refusal = (problems: readonly Problem[]) => LmsError;

const maxCharacters = 4_000_000;
const maxAliases = 100;

/**
 * Reads the text of a definition file as JSON values. A key used twice is refused, as are more than 100 alias expansions
 * (`&a` / `*a`) in YAML.
 * @throws LmsError `DEFINITION_INVALID`, or what `refusal` makes of the problems; each names line and column
 */
export function readDefinitionText(
  text: string,
  options: { readonly format: DefinitionFormat; readonly refusal?: Refusal },
): DefinitionText {
  const { refusal: refuse = refused } = options;
  if (text.length > maxCharacters) {
    throw refuse([{ path: 'file', rule: 'too-large', message: `the file has more than ${maxCharacters} characters` }]);
  }
  const source = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (options.format === 'json') refuseBrokenJson(source, refuse);
  const lines = new LineCounter();
  // JSON is read by the YAML parser too: unlike JSON.parse it tells places and refuses a key used twice.
  const document = parseDocument(source, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    schema: options.format === 'json' ? 'json' : 'core',
    stringKeys: true,
    merge: false,
  });
  if (document.errors.length > 0) {
    throw refuse(
      document.errors.slice(0, 50).map((error) => ({
        path: placeText(lines.linePos(error.pos[0])),
        rule: error.code === 'DUPLICATE_KEY' ? 'duplicate-key' : 'syntax',
        message: error.code === 'DUPLICATE_KEY' ? 'the same key stands twice in one object' : error.message,
      })),
    );
  }
  return {
    json: valuesOf(document, refuse),
    locate: (path) => positionOf(document, lines, path),
  };
}

/**
 * Reads a definition file.
 * @throws LmsError `DEFINITION_INVALID` with every problem: its path in the file, and in the message its line and column
 */
export function parseDefinitionText(
  text: string,
  options: { readonly format: DefinitionFormat },
): ProductLineDefinition {
  const read = readDefinitionText(text, options);
  const result = readDefinition(read.json);
  if (result.ok) return result.value;
  throw refused(withPlaces(result.problems, read));
}

/** Adds line and column to each problem whose path can be found in the text. */
export function withPlaces(problems: readonly Problem[], text: DefinitionText): readonly Problem[] {
  return problems.map((problem) => {
    const place = text.locate(problem.path);
    return place === null ? problem : { ...problem, message: `${problem.message} (${placeText(place)})` };
  });
}

function refused(problems: readonly Problem[]): LmsError {
  return LmsError.ofProblems('DEFINITION_INVALID', 'the product-line definition cannot be read', problems);
}

function refuseBrokenJson(text: string, refuse: Refusal): void {
  try {
    JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : 'not JSON';
    const offset = Number(/at position (\d+)/.exec(message)?.[1] ?? Number.NaN);
    throw refuse([{ path: Number.isNaN(offset) ? 'file' : placeText(placeAt(text, offset)), rule: 'syntax', message }]);
  }
}

function placeAt(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function valuesOf(document: Document, refuse: Refusal): Json {
  try {
    return document.toJS({ maxAliasCount: maxAliases });
  } catch (error) {
    const message = error instanceof Error ? error.message : 'cannot be read';
    throw refuse([{ path: 'file', rule: 'too-many-aliases', message }]);
  }
}

function placeText(place: { readonly line: number; readonly column?: number; readonly col?: number }): string {
  return `line ${place.line}, column ${place.column ?? place.col ?? 1}`;
}

function positionOf(document: Document, lines: LineCounter, path: string): TextPosition | null {
  for (let parts = pathParts(path); parts.length > 0; parts = parts.slice(0, -1)) {
    if (jsonPath(parts) === '' || !document.hasIn(parts)) continue;
    const node = document.getIn(parts, true);
    if (!isNode(node) || node.range === null || node.range === undefined) continue;
    const { line, col } = lines.linePos(node.range[0]);
    return { line, column: col };
  }
  return null;
}

/** The inverse of {@link jsonPath}. */
function pathParts(path: string): (string | number)[] {
  return Array.from(path.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([\w-]+)/g), ([, index, quoted, word]) =>
    index !== undefined ? Number(index) : (quoted ?? word ?? ''),
  );
}
