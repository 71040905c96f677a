import type { Argument, Option } from 'commander';

/** Values that the command tree does not know: of the store, of the configuration, or files, which the shell knows best. */
export type ValueKind = 'line' | 'stage' | 'user' | 'store' | 'file';

export interface Values {
  readonly choices: readonly string[];
  readonly kind: ValueKind | null;
}

const none: Values = { choices: [], kind: null };
const of = (kind: ValueKind, ...choices: readonly string[]): Values => ({ choices, kind });
const oneOf = (...choices: readonly string[]): Values => ({ choices, kind: null });

const byFlag: Readonly<Record<string, Values>> = {
  '--product': of('line'),
  '--store': of('store'),
  '--actor': of('user'),
  '--owner': of('user', 'none'),
  '--stage': of('stage'),
  '--to': of('stage'),
  '--move-to': of('stage'),
  '--next': of('stage'),
  '--from': of('stage'),
  '--before': of('stage'),
  '--config': of('file'),
  '--fields': of('file'),
  '--rejects': of('file'),
  '--output': of('file'),
  '--mapping': of('file'),
  '--role': oneOf('admin', 'manager', 'agent', 'partner', 'auditor'),
  '--status': oneOf('pending', 'in_progress', 'won', 'lost', 'converted'),
  '--sort': oneOf(
    'created',
    '-created',
    'updated',
    '-updated',
    'stage',
    'number',
    'amount',
    '-amount',
    'score',
    '-score',
  ),
  '--date-order': oneOf('dmy', 'mdy', 'ymd'),
  '--format': oneOf('csv', 'xlsx', 'ndjson'),
  '--headings': oneOf('label', 'key'),
  '--type': oneOf('note', 'call', 'email', 'meeting', 'message'),
  '--terminal': oneOf('won', 'lost', 'none'),
};

/** Where a flag means something else than everywhere. */
const byCommandAndFlag: Readonly<Record<string, Values>> = {
  'leads assign --to': of('user', 'none'),
  'schema diff --from': of('file', 'draft', 'published'),
  'schema diff --to': of('file', 'draft', 'published'),
};

const byArgument: Readonly<Record<string, Values>> = {
  file: of('file'),
  files: of('file'),
  line: of('line'),
  'users update id': of('user'),
  'users activate id': of('user'),
  'users deactivate id': of('user'),
  'stages update slug': of('stage'),
  'stages retire slug': of('stage'),
  'stages restore slug': of('stage'),
  'stages reorder slugs': of('stage'),
};

export function valuesOfOption(path: string, option: Option): Values {
  if (option.argChoices !== undefined) return oneOf(...option.argChoices);
  const flag = option.long ?? '';
  return find(byCommandAndFlag, `${path} ${flag}`) ?? find(byFlag, flag) ?? none;
}

export function valuesOfArgument(path: string, argument: Argument): Values {
  if (argument.argChoices !== undefined) return oneOf(...argument.argChoices);
  return find(byArgument, `${path} ${argument.name()}`) ?? find(byArgument, argument.name()) ?? none;
}

function find(table: Readonly<Record<string, Values>>, key: string): Values | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
