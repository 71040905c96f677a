import type { Session } from '../session.js';
import { leadView } from '../views/lead-view.js';

export interface LeadShowOptions {
  readonly activities: number;
}

export async function showLead(session: Session, reference: string, options: LeadShowOptions): Promise<void> {
  const { me, output, format } = session;
  const lead = await me.leads.get(reference);
  if (output.json) {
    output.answer(lead, () => '');
    return;
  }
  const { fields } = await me.schemas.schema(lead.productLine, lead.schemaVersion);
  const { style, width } = output;
  output.answer(lead, () => leadView(lead, { style, width, format, fields, activities: options.activities }));
  const open = lead.tasks.find((task) => task.status === 'pending' || task.status === 'in_progress');
  if (open !== undefined) output.say(`Next: lms tasks complete ${lead.number} ${open.template} --set key=value`);
}
