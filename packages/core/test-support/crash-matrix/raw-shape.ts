/** What a value of a raw row may be. */
interface Values {
  readonly text: string;
  readonly textOrNull: string | null;
  readonly whole: number;
  readonly wholeOrNull: number | null;
  readonly numberOrNull: number | null;
  readonly flag: boolean;
  readonly texts: readonly string[];
}

/** The columns of a table, or the fields of a document, that are looked at; a list of one shape stands for rows of it. */
export interface Shape {
  readonly [name: string]: keyof Values | readonly [Shape];
}

/** A row of a shape. */
export type RowOf<Given extends Shape> = {
  readonly [Name in keyof Given]: Given[Name] extends keyof Values
    ? Values[Given[Name]]
    : Given[Name] extends readonly [infer Inner extends Shape]
      ? readonly RowOf<Inner>[]
      : never;
};

const fits: { readonly [Kind in keyof Values]: (value: unknown) => value is Values[Kind] } = {
  text: (value) => typeof value === 'string',
  textOrNull: (value) => value === null || typeof value === 'string',
  whole: isWhole,
  wholeOrNull: (value) => value === null || isWhole(value),
  numberOrNull: (value) => value === null || typeof value === 'number',
  flag: (value) => typeof value === 'boolean',
  texts: (value) => Array.isArray(value) && value.every((text) => typeof text === 'string'),
};

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/**
 * What a shape says of a row that an engine gave; what it does not name is left out.
 * @param about names the row in messages
 * @throws Error for a row that is not of the shape
 */
export function rowOf<Given extends Shape>(shape: Given, row: object, about: string): RowOf<Given> {
  const named = onlyNamed(shape, row);
  if (isRow(shape, named)) return named;
  throw new Error(`${about} has ${oddity(shape, named)}`);
}

function onlyNamed(shape: Shape, row: object): object {
  const given = new Map<string, unknown>(Object.entries(row));
  return Object.fromEntries(
    Object.entries(shape).map(([name, kind]) => {
      const value = given.get(name);
      if (typeof kind === 'string' || !Array.isArray(value)) return [name, value];
      return [name, value.map((each: unknown) => (isObject(each) ? onlyNamed(kind[0], each) : each))];
    }),
  );
}

function isRow<Given extends Shape>(shape: Given, row: object): row is RowOf<Given> {
  return oddity(shape, row) === null;
}

/** The first value that is not of its kind; null where all are. */
function oddity(shape: Shape, row: object): string | null {
  const given = new Map<string, unknown>(Object.entries(row));
  for (const [name, kind] of Object.entries(shape)) {
    const value = given.get(name);
    const odd = typeof kind === 'string' ? !fits[kind](value) : !Array.isArray(value);
    if (odd) return `${name} ${JSON.stringify(value)} in ${JSON.stringify(row)}`;
    if (typeof kind === 'string' || !Array.isArray(value)) continue;
    for (const each of value) {
      const inside = isObject(each) ? oddity(kind[0], each) : JSON.stringify(each);
      if (inside !== null) return `${name}: ${inside}`;
    }
  }
  return null;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
