import type { Lead, LeadSummary, LeadTask } from '@lms/core';
import type { FieldInputOptions, WriteOptions } from '../commands/shared-options.js';
import { table } from '../output/index.js';
import type { Session } from '../session.js';
import { fieldsOf, writing } from './lead-change.js';
import { checkedFilterOf } from './lead-filter.js';
import { nextPage } from './lead-list.js';

export interface TaskListOptions {
  readonly product?: string;
  readonly stage?: readonly string[];
  readonly owner?: string;
  readonly all?: true;
  readonly limit: number;
  readonly cursor?: string;
}

export interface TaskCompleteOptions extends FieldInputOptions, WriteOptions {
  readonly skip?: true;
}

interface TaskRow {
  readonly lead: string;
  readonly leadName: string | null;
  readonly ownerId: string | null;
  readonly task: LeadTask;
}

export async function listTasks(session: Session, lead: string | undefined, options: TaskListOptions): Promise<void> {
  const { output } = session;
  const { rows, nextCursor } =
    lead === undefined
      ? await tasksOfPage(session, options)
      : { rows: tasksOf(await session.me.leads.get(lead), options), nextCursor: null };
  output.answer({ items: rows, nextCursor }, () =>
    rows.length === 0
      ? ''
      : table(
          rows,
          [
            { heading: 'Lead', cell: (row) => row.lead },
            { heading: 'Name', cell: (row) => row.leadName ?? '', minimum: 12, importance: 3 },
            { heading: 'Task', cell: (row) => row.task.template, minimum: 10, importance: 5 },
            { heading: 'What', cell: (row) => row.task.name, minimum: 10 },
            { heading: 'Required', cell: (row) => (row.task.required ? 'yes' : '') },
            { heading: 'Status', cell: (row) => row.task.status.replace('_', ' '), importance: 4 },
            { heading: 'Stage', cell: (row) => row.task.stage, minimum: 6, importance: 1 },
            { heading: 'Owner', cell: (row) => row.ownerId ?? '', minimum: 6, importance: 2 },
          ],
          output,
        ),
  );
  const [first] = rows;
  if (first === undefined) output.say('No task waits here.');
  else output.say(`Next: lms tasks complete ${first.lead} ${first.task.template} --set key=value`);
  if (nextCursor !== null) output.say(`More: ${nextPage(session, nextCursor)}`);
}

async function tasksOfPage(
  session: Session,
  options: TaskListOptions,
): Promise<{ readonly rows: readonly TaskRow[]; readonly nextCursor: string | null }> {
  const page = await session.me.leads
    .list(await checkedFilterOf(options, session))
    .page({ limit: options.limit, ...(options.cursor === undefined ? {} : { cursor: options.cursor }) });
  return { rows: page.items.flatMap((lead) => tasksOf(lead, options)), nextCursor: page.nextCursor };
}

function tasksOf(lead: Lead | LeadSummary, { all }: TaskListOptions): readonly TaskRow[] {
  return lead.tasks
    .filter((task) => all === true || task.status === 'pending' || task.status === 'in_progress')
    .map((task) => ({ lead: lead.number, leadName: lead.name, ownerId: lead.ownerId, task }));
}

export async function completeTask(
  session: Session,
  { lead, task }: { readonly lead: string; readonly task: string },
  options: TaskCompleteOptions,
): Promise<void> {
  const { me, output } = session;
  const fields = await fieldsOf(options);
  const completion = options.skip === true ? ({ status: 'skipped' } as const) : { fields };
  const changed = await me.leads.completeTask(lead, task, completion, writing(session, options));
  output.answer(changed, () => changed.number);
  const open = changed.tasks.filter((each) => each.status === 'pending' || each.status === 'in_progress');
  const next =
    open.length === 0
      ? `To move it on: lms leads move ${changed.number} --to STAGE`
      : `Still to do: ${open.map((each) => each.template).join(', ')}`;
  output.say(`${options.skip === true ? 'Skipped' : 'Completed'}. ${next}`);
}
