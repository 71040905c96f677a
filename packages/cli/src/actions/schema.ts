import type { FieldDefinition } from '@lms/core/fields';
import { table, wrap } from '../output/index.js';
import type { Session } from '../session.js';
import { definitionText } from '../views/definition-text.js';
import { firstOf } from './first-of.js';

export interface SchemaShowOptions {
  readonly at?: number;
  readonly definition?: true;
}

export interface LineListOptions {
  readonly limit: number;
}

export interface FieldTypeListOptions {
  readonly limit: number;
}

export async function listFieldTypes(session: Session, options: FieldTypeListOptions): Promise<void> {
  const { me, output } = session;
  const types = firstOf(await me.schemas.fieldTypes(), options.limit, session);
  output.answer({ items: types }, () =>
    table(
      types,
      [
        { heading: 'Type', cell: (type) => type.name, minimum: 12 },
        { heading: 'Plugin', cell: (type) => type.plugin ?? '' },
        { heading: 'Kept as', cell: (type) => (type.base === type.name ? '' : type.base) },
        { heading: 'Protection', cell: (type) => type.pii },
        { heading: 'Rules', cell: (type) => type.validations.join(', '), minimum: 8, wraps: true },
        { heading: 'Controls', cell: (type) => type.controls.join(', '), minimum: 8, importance: 3, wraps: true },
      ],
      output,
    ),
  );
}

export async function listLines(session: Session, options: LineListOptions): Promise<void> {
  const { me, output, format } = session;
  const lines = firstOf(await me.schemas.list(), options.limit, session);
  output.answer({ items: lines }, () =>
    lines.length === 0
      ? ''
      : table(
          lines,
          [
            { heading: 'Product line', cell: (line) => line.slug },
            { heading: 'Name', cell: (line) => line.name, minimum: 8 },
            { heading: 'Fields', cell: (line) => String(line.schemaVersion), align: 'right' },
            { heading: 'Pipeline', cell: (line) => String(line.pipelineVersion), align: 'right' },
            { heading: 'Published', cell: (line) => format.time(line.updatedAt) },
          ],
          output,
        ),
  );
  if (lines.length === 0) output.say('No product line yet. Next: lms schema publish FILE');
}

export async function showLine(session: Session, line: string, options: SchemaShowOptions): Promise<void> {
  const { me, output } = session;
  if (options.definition === true) {
    const definition = await me.schemas.definition(line);
    output.answer(definition, () => definitionText(definition).trimEnd());
    return;
  }
  const schema = await me.schemas.schema(line, options.at);
  output.answer(schema, () => {
    const { style } = output;
    const roles = Object.entries(schema.roles).map(([role, key]) => `${role} ${key}`);
    const unique = schema.unique.map((rule) => `${rule.fields.join('+')} (${rule.scope}, while ${rule.while})`);
    return [
      style.bold(`${schema.productLine}, fields version ${schema.version}`),
      ...(roles.length === 0 ? [] : labelled('Roles', roles.join(', '), output.width)),
      ...(unique.length === 0 ? [] : labelled('Unique', unique.join(', '), output.width)),
      '',
      fieldTable(schema.fields, session),
    ].join('\n');
  });
}

/** `Unique  mobile, email`, going on under its beginning. */
function labelled(label: string, text: string, width: number): readonly string[] {
  const indent = 8;
  return wrap(text, width - indent).map((line, index) => (index === 0 ? label : '').padEnd(indent) + line);
}

function fieldTable(fields: readonly FieldDefinition[], { output }: Session): string {
  return table(
    fields.filter((field) => field.retired !== true),
    [
      { heading: 'Field', cell: (field) => field.key },
      { heading: 'Label', cell: (field) => field.label, minimum: 12, importance: 3 },
      { heading: 'Type', cell: (field) => field.type, importance: 4 },
      { heading: 'Required', cell: (field) => (field.required === true ? 'yes' : ''), importance: 4 },
      { heading: 'Section', cell: (field) => field.section ?? '', minimum: 8 },
      { heading: 'Takes', cell: takes, minimum: 16, wraps: true, importance: 1 },
    ],
    output,
  );
}

function takes({ options, validation = {} }: FieldDefinition): string {
  const bounds = Object.entries(validation).map(([rule, value]) => `${rule} ${String(value)}`);
  const values = (options ?? []).filter((option) => option.retired !== true).map((option) => option.value);
  return [values.join(' | '), ...bounds].filter((part) => part !== '').join(', ');
}
