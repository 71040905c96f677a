import { LmsError } from '@lms/core/kernel';
import type { WriteOptions } from '../commands/shared-options.js';
import { readText } from '../input/text.js';
import type { Session } from '../session.js';
import { writing } from './lead-change.js';

export interface LeadMoveOptions extends WriteOptions {
  readonly to: string;
  readonly comment?: string;
  readonly dryRun?: true;
}

export interface LeadAssignOptions extends WriteOptions {
  readonly to: string;
  readonly reason?: string;
  readonly dryRun?: true;
}

export interface LeadNoteOptions extends WriteOptions {
  readonly type: string;
}

export async function moveLead(session: Session, lead: string, options: LeadMoveOptions): Promise<void> {
  const { me, output } = session;
  const request = { to: options.to, ...(options.comment === undefined ? {} : { comment: options.comment }) };
  if (options.dryRun === true) {
    const reasons = await me.leads.checkMove(lead, options.to, options.comment);
    if (reasons.length > 0) {
      throw new LmsError('MOVE_REFUSED', { message: `${lead} may not move to ${options.to}`, details: { reasons } });
    }
    output.answer({ allowed: true, reasons: [] }, () => `${lead} may move to ${options.to}.`);
    return;
  }
  const moved = await me.leads.move(lead, request, writing(session, options));
  output.answer(moved, () => moved.number);
  const open = moved.tasks.filter((task) => task.status === 'pending' || task.status === 'in_progress').length;
  const work = open === 0 ? '' : `; ${open} ${open === 1 ? 'task' : 'tasks'} to do`;
  output.say(`Now in stage ${moved.stage}${work}. Next: lms leads show ${moved.number}`);
}

export async function assignLead(session: Session, lead: string, options: LeadAssignOptions): Promise<void> {
  const { me, output } = session;
  const { to } = options;
  if (options.dryRun === true) {
    await me.leads.checkAssign(lead, to === 'none' ? null : to, options.reason);
    const taken = to === 'none' ? 'taken from its owner' : `given to ${to}`;
    output.answer({ allowed: true }, () => `${lead} may be ${taken}.`);
    return;
  }
  const why = options.reason === undefined ? {} : { reason: options.reason };
  const assignment =
    to === 'none'
      ? await me.leads.unassign(lead, why, writing(session, options))
      : await me.leads.assign(lead, { to, ...why }, writing(session, options));
  output.answer(assignment, () => lead);
  output.say(to === 'none' ? 'Nobody owns it now.' : `${to} owns it now. All of theirs: lms leads list --owner ${to}`);
}

export async function addNote(
  session: Session,
  { lead, text }: { readonly lead: string; readonly text: string },
  options: LeadNoteOptions,
): Promise<void> {
  const { me, output } = session;
  const type = activityTypeOf(options.type);
  const noted = await me.leads.addActivity(lead, { type, text: await readText(text) }, writing(session, options));
  output.answer(noted, () => noted.number);
  output.say(`Written down. Next: lms leads show ${noted.number}`);
}

const activityTypes = ['NOTE', 'CALL', 'EMAIL', 'MEETING', 'MESSAGE'] as const;

function activityTypeOf(text: string): (typeof activityTypes)[number] {
  const type = activityTypes.find((each) => each === text.toUpperCase());
  if (type !== undefined) return type;
  const message = `--type is note, call, email, meeting or message, not "${text}"`;
  throw new LmsError('USAGE_INVALID', { message, path: '--type' });
}
