import { z } from 'zod';
import { checkInput } from '../../foundation/kernel/index.js';
import { keptText } from '../fields/index.js';
import type { ActivityType } from './lead.js';
import type { ChangeContext, LeadChange } from './lead-change.js';

/** The kinds of activity that people add themselves. */
export type ManualActivityType = Extract<ActivityType, 'NOTE' | 'CALL' | 'EMAIL' | 'MEETING' | 'MESSAGE'>;
export const manualActivityTypes: readonly ManualActivityType[] = ['NOTE', 'CALL', 'EMAIL', 'MEETING', 'MESSAGE'];

export interface NewActivity {
  readonly type: ManualActivityType;
  /** At most 20,000 characters; sealed at rest. */
  readonly text: string;
}

const shape: z.ZodType<NewActivity> = z.strictObject({
  type: z.enum(manualActivityTypes, { error: `expected one of ${manualActivityTypes.join(', ')}` }),
  text: keptText(20_000),
});

/** @throws LmsError `INPUT_INVALID` */
export function checkActivity(input: unknown): NewActivity {
  return checkInput(shape, input, 'the activity cannot be added');
}

/** The lead with the activity. Anything but a note is a contact with the person and answers the lead. */
export function addActivity(context: ChangeContext, activity: NewActivity): LeadChange {
  const { lead, at, principal } = context;
  const id = context.nextId();
  const sealed = context.seal(activity.text);
  const answers = activity.type !== 'NOTE' && lead.firstResponseAt === null;
  return {
    state: answers ? { ...lead, firstResponseAt: at } : lead,
    activities: [{ id, type: activity.type, at, actor: principal.ref, data: {}, sealed }],
    event: {
      type: 'lead.activity_added',
      command: 'leads.addActivity',
      data: { activityId: id, activityType: activity.type },
      sealed,
    },
  };
}
