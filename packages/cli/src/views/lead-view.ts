import type { HistoryEntry, Lead, LeadActivity, LeadTask } from '@lms/core';
import type { FieldDefinition } from '@lms/core/fields';
import type { Format } from '../output/format.js';
import { listItem, pad, printable, printableLines, type Style, textWidth, wrap } from '../output/index.js';
import { fieldText } from './field-text.js';

export interface LeadViewOptions {
  readonly style: Style;
  /** Columns of the terminal; without end where there is none. */
  readonly width: number;
  readonly format: Format;
  /** Fields of the lead's schema version, in their order. */
  readonly fields: readonly FieldDefinition[];
  /** How many of the newest activities. */
  readonly activities: number;
}

/** A lead on paper: who and where, fields by section, tasks, history, activities. */
export function leadView(lead: Lead, options: LeadViewOptions): string {
  const blocks = [
    heading(lead, options),
    ...sections(lead, options),
    block(
      'Tasks',
      lead.tasks.flatMap((task) => listItem(taskLine(task), options.width)),
      options,
    ),
    block(
      'History',
      lead.history.flatMap((entry) => listItem(historyLine(entry, options.format), options.width)),
      options,
    ),
    activityBlock(lead, options),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function heading(lead: Lead, options: LeadViewOptions): readonly string[] {
  const { style, format } = options;
  const name = lead.name === null ? '' : `  ${printable(lead.name)}`;
  const from = [lead.source, lead.channel, lead.campaign].filter((part) => part !== null).join(' / ');
  const properties = Object.entries(lead.properties).map(([key, value]) => `${key}: ${value}`);
  return [
    style.bold(`${lead.number}${name}`) +
      (lead.deletedAt === null ? '' : style.red('  DELETED')) +
      (lead.erasedAt === null ? '' : style.red('  ERASED')),
    ...pairs(
      [
        ['Product', lead.productLine],
        ['Stage', `${lead.stage} (${lead.status}) since ${format.time(lead.stageEnteredAt)}`],
        ['Amount', format.amount(lead.amountPaise)],
        ['Region', lead.region ?? ''],
        ['Owner', lead.ownerId ?? 'nobody'],
        ['Partner', lead.partner ?? ''],
        ['Collaborators', lead.collaboratorIds.join(', ')],
        ['Source', from],
        ['Properties', properties.join(', ')],
        ['Created', `${format.time(lead.createdAt)} by ${lead.createdBy}`],
        ['Updated', `${format.time(lead.updatedAt)} by ${lead.updatedBy}`],
        ['Version', `${lead.version} (fields ${lead.schemaVersion}, pipeline ${lead.pipelineVersion})`],
      ],
      options,
    ),
  ];
}

function sections(lead: Lead, options: LeadViewOptions): readonly (readonly string[])[] {
  const { fields, format, style } = options;
  const bySection = new Map<string, (readonly [string, string])[]>();
  const known = new Set(fields.map((field) => field.key));
  const inOrder: readonly (FieldDefinition | { readonly key: string })[] = [
    ...fields,
    ...Object.keys(lead.values).flatMap((key) => (known.has(key) ? [] : [{ key }])),
  ];
  for (const each of inOrder) {
    const value = Object.hasOwn(lead.values, each.key) ? lead.values[each.key] : undefined;
    if (value === undefined) continue;
    const field = 'type' in each ? each : undefined;
    const section = field?.section ?? 'Fields';
    const lines = bySection.get(section) ?? [];
    lines.push([field?.label ?? each.key, fieldText(field, value, format)]);
    bySection.set(section, lines);
  }
  return [...bySection].map(([section, lines]) => [style.bold(printable(section)), ...pairs(lines, options)]);
}

/** Labels in a column, values beside them, going on under their beginning; empty values are left out. */
function pairs(
  entries: readonly (readonly [label: string, value: string])[],
  { width }: LeadViewOptions,
): readonly string[] {
  const shown = entries.flatMap(([label, value]) =>
    value === '' ? [] : [[printable(label), printable(value)] as const],
  );
  const labels = Math.max(0, ...shown.map(([label]) => textWidth(label)));
  return shown.flatMap(([label, value]) =>
    wrap(value, width - labels - 4).map((part, index) => `  ${pad(index === 0 ? label : '', labels)}  ${part}`),
  );
}

function block(title: string, lines: readonly string[], { style }: LeadViewOptions): readonly string[] {
  return lines.length === 0 ? [] : [style.bold(title), ...lines];
}

const taskMarks: Readonly<Record<LeadTask['status'], string>> = {
  pending: '[ ]',
  in_progress: '[~]',
  completed: '[x]',
  skipped: '[-]',
  cancelled: '[-]',
};

function taskLine(task: LeadTask): string {
  const notes = [task.template, task.stage, ...(task.required ? ['required'] : []), task.status.replace('_', ' ')];
  return `${taskMarks[task.status]} ${printable(task.name)} (${notes.join(', ')})`;
}

function historyLine(entry: HistoryEntry, format: Format): string {
  const until = entry.exitedAt === null ? 'now' : format.time(entry.exitedAt);
  return `${format.time(entry.enteredAt)} to ${pad(until, 16)}  ${entry.stage} (${entry.enteredBy})`;
}

function activityBlock(lead: Lead, options: LeadViewOptions): readonly string[] {
  const newest = lead.activities.slice(-options.activities).toReversed();
  if (options.activities === 0 || newest.length === 0) return [];
  const title = `Activities (${newest.length} of ${lead.activityCount}, the newest first)`;
  return block(
    title,
    newest.flatMap((activity) => activityLines(activity, options)),
    options,
  );
}

function activityLines(activity: LeadActivity, { format, width }: LeadViewOptions): readonly string[] {
  const facts = typeof activity.data === 'object' && activity.data !== null ? Object.entries(activity.data) : [];
  const told = facts
    .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
    .map(([key, value]) => `${key}: ${String(value)}`);
  const line =
    `${format.time(activity.at)}  ${activity.type}  ${activity.actor}  ${printable(told.join(', '))}`.trimEnd();
  return [
    ...listItem(line, width),
    ...printableLines(activity.text ?? '')
      .filter((text) => text !== '')
      .flatMap((text) => wrap(text, width - 4).map((part) => `    ${part}`)),
  ];
}
