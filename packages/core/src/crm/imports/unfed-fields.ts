import { LmsError, type Problem } from '../../foundation/kernel/index.js';
import { fieldByKey } from '../fields/index.js';
import type { ColumnPlan } from './columns/column-plan.js';
import type { DuplicatePolicy } from './import-request.js';
import type { ImportPlan } from './plan-import.js';

const mostColumnsNamed = 20;

/** A column of the file, for who has to say which of them holds a field. */
export interface NamedColumn {
  readonly letter: string;
  readonly heading: string;
  /** The field it is read into; null when it is not read. */
  readonly field: string | null;
  /** The field that it may hold. */
  readonly suggestion: string | null;
}

/**
 * Why no row of a file can be taken: a required field has no column and no default, and rows update no lead either. Where they
 * may update, they must have the values of a unique rule at least, by which a lead is found. null where rows can be taken.
 * @returns `IMPORT_COLUMN_MISSING`: `details.problems` names each field, `details.columns` has a {@link NamedColumn} each
 */
export function unfedFields(
  plan: Pick<ImportPlan, 'columns' | 'schema'>,
  duplicates: DuplicatePolicy,
): LmsError | null {
  const { columns, schema } = plan;
  if (columns.missing.length === 0) return null;
  if (duplicates === 'update' && findsLeads(plan)) return null;
  const problems = columns.missing.map(
    (key): Problem => ({
      path: key,
      rule: 'no-column',
      message: `${fieldByKey(schema, key)?.label ?? key} is required, and no column of the file holds it`,
    }),
  );
  const named = namedColumns(columns);
  const { message, details, path } = LmsError.ofProblems('IMPORT_COLUMN_MISSING', summaryOf(named), problems);
  return new LmsError('IMPORT_COLUMN_MISSING', {
    message,
    details: { ...details, columns: named },
    ...(path === undefined ? {} : { path }),
  });
}

function findsLeads({ columns, schema }: Pick<ImportPlan, 'columns' | 'schema'>): boolean {
  const held = new Set(columns.columns.map(({ field }) => field));
  const isFed = (key: string): boolean => held.has(key) || fieldByKey(schema, key)?.default !== undefined;
  return schema.unique.some(({ fields }) => fields.some((key) => held.has(key)) && fields.every(isFed));
}

function namedColumns({ columns, unmatched }: ColumnPlan): readonly NamedColumn[] {
  return [
    ...columns.map(({ index, letter, heading, field }) => ({ index, letter, heading, field, suggestion: null })),
    ...unmatched.map(({ index, letter, heading, suggestion }) => ({ index, letter, heading, field: null, suggestion })),
  ]
    .sort((one, other) => one.index - other.index)
    .map(({ index: _index, ...column }) => column);
}

function summaryOf(columns: readonly NamedColumn[]): string {
  const named = columns.slice(0, mostColumnsNamed).map(({ letter, heading, field, suggestion }) => {
    const read = field ?? (suggestion === null ? 'not read' : `not read, perhaps ${suggestion}`);
    return `${letter}${heading === letter ? '' : ` ${JSON.stringify(heading)}`} (${read})`;
  });
  const more = columns.length > named.length ? ` and ${columns.length - named.length} more` : '';
  return `no row could be taken. The file has the columns ${named.join(', ')}${more}. Map one to each of these fields`;
}
