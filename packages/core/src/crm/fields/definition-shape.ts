import { z } from 'zod';
import type { Json, Problem } from '../../foundation/kernel/index.js';
import { didYouMean } from './did-you-mean.js';
import { jsonPath } from './json-path.js';

/** What reading a part of a definition file gives: the part, or every place where it has the wrong shape. */
export type ShapeResult<Shape> =
  | { readonly ok: true; readonly value: Shape }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Checks a parsed definition against a strict zod shape; `at` is where it stands in the file. */
export function readShape<Shape>(
  shape: z.ZodType<Shape>,
  json: unknown,
  at: readonly PropertyKey[] = [],
): ShapeResult<Shape> {
  const hostile = hostileKeys(json, at);
  if (hostile.length > 0) return { ok: false, problems: hostile };
  const result = shape.safeParse(json, { reportInput: true });
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, problems: result.error.issues.flatMap((issue) => problemsOf(issue, shape, at)) };
}

const maxDepth = 32;
const maxNodes = 200_000;

/** Keys that mean something to JavaScript or to a database wherever they stand, and documents too deep or too large. */
function hostileKeys(json: unknown, at: readonly PropertyKey[]): Problem[] {
  const problems: Problem[] = [];
  let nodes = 0;
  const visit = (node: unknown, path: readonly PropertyKey[]): void => {
    nodes += 1;
    if (typeof node !== 'object' || node === null || nodes > maxNodes) return;
    if (path.length - at.length > maxDepth) {
      problems.push({ path: jsonPath(path), rule: 'too-deep', message: `nested more than ${maxDepth} levels deep` });
      return;
    }
    if (Array.isArray(node)) {
      for (const [index, item] of node.entries()) visit(item, [...path, index]);
      return;
    }
    for (const key of Object.keys(node)) {
      if (isHostileKey(key)) {
        problems.push({
          path: jsonPath([...path, key]),
          rule: 'forbidden-key',
          message: `the key ${JSON.stringify(key.slice(0, 60))} is not allowed`,
        });
      } else {
        visit(Reflect.get(node, key), [...path, key]);
      }
    }
  };
  visit(json, at);
  if (nodes > maxNodes) {
    problems.push({ path: jsonPath(at), rule: 'too-large', message: `more than ${maxNodes} values in the document` });
  }
  return problems;
}

const hostileNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** True for keys that are never data: `__proto__` and its kin, and what a database reads as an operator. */
export function isHostileKey(key: string): boolean {
  return hostileNames.has(key) || key.startsWith('$');
}

function problemsOf(issue: z.core.$ZodIssue, shape: z.ZodType, at: readonly PropertyKey[]): Problem[] {
  const path = [...at, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(shape, issue.path);
    return issue.keys.map((key) => ({
      path: jsonPath([...path, key]),
      rule: 'unknown-key',
      message: `unknown key ${JSON.stringify(key.slice(0, 60))}${didYouMean(key, known)}`,
    }));
  }
  const missing = issue.code !== 'invalid_key' && issue.input === undefined;
  return [
    {
      path: jsonPath(path),
      rule: missing ? 'required' : issue.code.replaceAll('_', '-'),
      message: missing ? `is missing; ${issue.message}` : issue.message,
    },
  ];
}

/** The keys that the shape has at a place, for suggestions. */
function knownKeys(shape: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let node: unknown = z.toJSONSchema(shape, { unrepresentable: 'any' });
  for (const part of path) node = child(node, typeof part === 'number' ? ['items'] : ['properties', String(part)]);
  const properties = child(node, ['properties']);
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

function child(node: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    node,
  );
}

const json: z.ZodType<Json> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(z.string(), json)]),
);

/** Any JSON value, for sections that another capability reads. */
export const anyJson: z.ZodType<Json> = json;
