/**
 * Field keys that would be confused with something else, each list with the reason. Rules read fields by their bare key
 * beside these names; generated types and objects have them too.
 */
const reserved: readonly (readonly [reason: string, words: readonly string[]])[] = [
  [
    'is part of every lead',
    [
      'id',
      'number',
      'version',
      'productLine',
      'stage',
      'status',
      'owner',
      'ownerId',
      'partner',
      'score',
      'source',
      'channel',
      'campaign',
      'values',
      'entered',
      'fields',
      'properties',
      'tasks',
      'activities',
      'history',
      'links',
      'parties',
      'createdAt',
      'createdBy',
      'updatedAt',
      'updatedBy',
      'deletedAt',
    ],
  ],
  ['is a context of rules', ['lead', 'kyc', 'offer', 'now', 'today']],
  [
    'is a word of the rule language',
    [
      'true',
      'false',
      'null',
      'in',
      'as',
      'break',
      'const',
      'continue',
      'else',
      'for',
      'function',
      'if',
      'import',
      'let',
      'loop',
      'package',
      'namespace',
      'return',
      'var',
      'void',
      'while',
    ],
  ],
  [
    'means something to JavaScript',
    [
      '__proto__',
      'constructor',
      'prototype',
      'hasOwnProperty',
      'isPrototypeOf',
      'propertyIsEnumerable',
      'toJSON',
      'toLocaleString',
      'toString',
      'valueOf',
      'then',
    ],
  ],
];

const reasons: ReadonlyMap<string, string> = new Map(
  reserved.flatMap(([reason, words]) => words.map((word) => [word.toLowerCase(), reason] as const)),
);

/** Why the word cannot be a field key, or null when it can. Case does not count. */
export function whyReserved(word: string): string | null {
  return reasons.get(word.toLowerCase()) ?? null;
}
