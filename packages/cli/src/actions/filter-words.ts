import { LmsError } from '@lms/core/kernel';
import { parseWhere } from '../input/where.js';
import type { FilterOptions } from './filter-options.js';

/** Names that are flags of their own, with one value or several; any other name is an indexed field. */
const single = ['product', 'owner', 'partner', 'phone', 'email'] as const;
const several = ['stage', 'status', 'region', 'source', 'channel', 'campaign'] as const;

type Single = (typeof single)[number];
type Several = (typeof several)[number];

/**
 * The options with every `--filter name=value` where its own flag would have put it: `--filter stage=new` is `--stage new`,
 * `--filter city=Pune` is `--where city=Pune`.
 * @throws LmsError `USAGE_INVALID` for a name that is said twice, or compared where it can only be equal
 */
export function withFilters({ filter = [], ...options }: FilterOptions): FilterOptions {
  let merged: FilterOptions = options;
  const said = new Set<string>(Object.keys(options));
  for (const text of filter) {
    const { field: name, operator, values } = parseWhere(text, '--filter');
    const column = [...single, ...several].find((each) => each === name);
    if (column === undefined) {
      merged = { ...merged, where: [...(merged.where ?? []), text] };
      continue;
    }
    if (operator !== 'eq' && operator !== 'in') throw wrong(`${name} is equal to something, or not: ${name}=value`);
    if (said.has(column)) throw wrong(`${name} is said twice; write ${name}=a|b for any of them`);
    said.add(column);
    merged = { ...merged, ...conditionOf(column, values) };
  }
  return merged;
}

function conditionOf(column: Single | Several, values: readonly string[]): FilterOptions {
  if (isSeveral(column)) return { [column]: values };
  const [value = '', second] = values;
  if (second !== undefined) throw wrong(`${column} takes one value`);
  return { [column]: value };
}

function isSeveral(column: Single | Several): column is Several {
  return several.some((each) => each === column);
}

function wrong(message: string): LmsError {
  return new LmsError('USAGE_INVALID', { message, path: '--filter' });
}
