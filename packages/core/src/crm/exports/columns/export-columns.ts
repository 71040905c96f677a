import { LmsError, type Problem } from '../../../foundation/kernel/index.js';
import { emptyCell, type TableCell, textCell } from '../../../foundation/tables/index.js';
import {
  didYouMean,
  type FieldContext,
  type FieldDefinition,
  fieldByKey,
  isSealed,
  type LineSchema,
} from '../../fields/index.js';
import type { ViewedLead } from '../../leads/index.js';
import { fieldCell, type OptionForm } from './field-cell.js';
import { leadColumns, leadHeading, usualColumnsOfAllLines, usualLeadColumns } from './lead-columns.js';

/** One column of an export. */
export interface ExportColumn {
  /** As it is asked for: `stage`, `loanAmount`, `loanAmount:entered`. */
  readonly name: string;
  readonly heading: string;
  /** Whether its values rest sealed: who somebody is, where, and what was written about them. */
  readonly isPersonal: boolean;
  cell(viewed: ViewedLead): TableCell;
}

export interface ColumnChoice {
  /** null where leads of all lines are exported. */
  readonly schema: LineSchema | null;
  /** null for the usual ones. */
  readonly names: readonly string[] | null;
  readonly headings: 'label' | 'key';
  readonly options: OptionForm;
  readonly context: FieldContext;
}

const enteredSuffix = ':entered';

/**
 * The columns of an export, in the order asked for; else number, stage, status, owner, time of creation and the fields of
 * the line that are in use. A field goes before a lead's own column of the same name.
 * @throws LmsError `FIELD_UNKNOWN` naming each column that there is not, `INPUT_INVALID` for one that is asked for twice
 */
export function exportColumns(choice: ColumnChoice): readonly ExportColumn[] {
  const names = choice.names ?? usualNames(choice.schema);
  const problems: Problem[] = [];
  const columns = names.flatMap((name): readonly ExportColumn[] => {
    const column = columnNamed(name, choice);
    if (column === null)
      problems.push({
        path: `columns.${name.slice(0, 80)}`,
        rule: 'unknown-column',
        message: unknownText(name, choice),
      });
    return column === null ? [] : [column];
  });
  if (problems.length > 0) throw LmsError.ofProblems('FIELD_UNKNOWN', 'the leads cannot be exported', problems);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) {
    throw new LmsError('INPUT_INVALID', { message: `the column "${twice}" is asked for twice`, path: 'columns' });
  }
  return columns;
}

function usualNames(schema: LineSchema | null): readonly string[] {
  if (schema === null) return usualColumnsOfAllLines;
  return [...usualLeadColumns, ...schema.fields.filter((field) => field.retired !== true).map((field) => field.key)];
}

function columnNamed(name: string, choice: ColumnChoice): ExportColumn | null {
  const entered = name.endsWith(enteredSuffix);
  const key = entered ? name.slice(0, -enteredSuffix.length) : name;
  const field = choice.schema === null ? undefined : fieldByKey(choice.schema, key);
  if (field !== undefined && choice.schema !== null)
    return fieldColumn({ name, field, entered }, choice.schema, choice);
  return entered ? null : leadColumn(name, choice);
}

function leadColumn(name: string, choice: ColumnChoice): ExportColumn | null {
  const column = Object.hasOwn(leadColumns, name) ? leadColumns[name] : undefined;
  if (column === undefined) return null;
  return {
    name,
    heading: leadHeading(name, column, choice.headings),
    isPersonal: column.isPersonal === true,
    cell: ({ lead }) => column.cell(lead, choice.context),
  };
}

function fieldColumn(
  column: { readonly name: string; readonly field: FieldDefinition; readonly entered: boolean },
  schema: LineSchema,
  choice: ColumnChoice,
): ExportColumn {
  const { name, field, entered } = column;
  const { key } = field;
  const label = choice.headings === 'label' ? field.label : key;
  return {
    name,
    heading: entered ? enteredHeading(label, choice.headings) : label,
    isPersonal: isSealed(schema, field),
    cell: (viewed) => (entered ? textCell(own(viewed.lead.entered, key)) : valueCell(viewed, key, choice)),
  };
}

/** By the schema of the lead itself: an older one may have had other options, or another type. */
function valueCell({ lead, schema }: ViewedLead, key: string, choice: ColumnChoice): TableCell {
  const value = own(lead.values, key);
  const field = fieldByKey(schema, key);
  if (value === undefined) return emptyCell;
  if (field === undefined || (lead.masked && isSealed(schema, field)))
    return textCell(typeof value === 'string' ? value : '******');
  return fieldCell(field, value, choice);
}

function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function enteredHeading(label: string, form: ColumnChoice['headings']): string {
  return form === 'label' ? `${label} (as typed)` : `${label}${enteredSuffix}`;
}

function unknownText(name: string, { schema }: ColumnChoice): string {
  const known = [...(schema?.fields.map((field) => field.key) ?? []), ...Object.keys(leadColumns)];
  const advice = schema === null ? ' (fields are those of a product line: name one)' : '';
  return `there is no column "${name.slice(0, 80)}"${didYouMean(name, known)}${advice}`;
}
