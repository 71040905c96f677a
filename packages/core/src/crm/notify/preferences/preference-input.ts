import { z } from 'zod';
import type { NoticePreferences } from './preference-store.js';
import { quietHoursShape } from './quiet-hours.js';

/** What is to change; the rest stays. */
export interface PreferenceChange {
  /** By `about/channel`, or `about` for all channels; null takes a choice back. */
  readonly choices?: Readonly<Record<string, 'on' | 'off' | null>>;
  readonly language?: string | null;
  readonly quietHours?: NoticePreferences['quietHours'];
}

export interface PreferenceOptions {
  /** Somebody else than the actor. */
  readonly user?: string;
}

/** Of one user; so many rules and events there are not in sense. */
export const mostChoices = 500;

const choiceKeyShape = z.string().regex(/^(?:\*|[a-z0-9]+(?:[-._][a-z0-9]+)*)(?:\/(?:email|in-app|\*))?$/, {
  error: 'expected a rule, an event or *, and where it is meant a channel: tell-owner, lead.assigned/email, */in-app',
});

export const preferenceChangeShape: z.ZodType<PreferenceChange> = z.strictObject({
  choices: z.record(choiceKeyShape, z.enum(['on', 'off']).nullable()).exactOptional(),
  language: z
    .string()
    .max(20)
    .regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, { error: 'expected a language such as en or hi' })
    .nullable()
    .exactOptional(),
  quietHours: z
    .union([z.literal('none'), quietHoursShape])
    .nullable()
    .exactOptional(),
});

export const preferenceOptionsShape: z.ZodType<PreferenceOptions> = z.strictObject({
  user: z.string().min(1).max(64).exactOptional(),
});
