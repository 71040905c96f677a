import { z } from 'zod';
import { cleanText, LmsError } from '../kernel/index.js';
import { type RoleName, roleNames, type User } from './user-store.js';

/** Somebody to add to the directory. */
export interface NewUser {
  /** A slug of at most 64 characters, such as `asha-rao`; it never changes. */
  readonly id: string;
  readonly name: string;
  /** Kept in lower case; unique. */
  readonly email?: string | null;
  readonly roles: readonly RoleName[];
  /** Slugs. */
  readonly teams?: readonly string[];
  /** Slug of the partner: needed by users of the role `partner`, refused for others. */
  readonly partner?: string | null;
}

/** What changes of a user; what is absent stays. */
export interface UserChange {
  readonly name?: string;
  readonly email?: string | null;
  readonly roles?: readonly RoleName[];
  readonly teams?: readonly string[];
  readonly partner?: string | null;
}

const slug = z
  .string()
  .max(64, { error: 'at most 64 characters' })
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, {
    error: 'expected small letters, digits and single hyphens, such as asha-rao',
  });

const name = z
  .string()
  .transform(cleanText)
  .pipe(z.string().min(1, { error: 'expected a name' }).max(200, { error: 'at most 200 characters' }));

const email = z
  .string()
  .transform((text) => cleanText(text).toLowerCase())
  .pipe(
    z
      .string()
      .max(254, { error: 'at most 254 characters' })
      .regex(/^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/, { error: 'expected an email address, such as asha@example.in' }),
  )
  .nullable();

const roles = z
  .array(z.enum(roleNames, { error: `expected one of ${roleNames.join(', ')}` }))
  .min(1, { error: 'expected at least one role' })
  .transform((given) => roleNames.filter((role) => given.includes(role)));

const teams = z
  .array(slug)
  .max(50, { error: 'at most 50 teams' })
  .transform((given) => [...new Set(given)].sort());

const partner = slug.nullable();

export const newUserShape: z.ZodType<NewUser> = z.strictObject({
  id: slug,
  name,
  email: email.exactOptional(),
  roles,
  teams: teams.exactOptional(),
  partner: partner.exactOptional(),
});

export const userChangeShape: z.ZodType<UserChange> = z.strictObject({
  name: name.exactOptional(),
  email: email.exactOptional(),
  roles: roles.exactOptional(),
  teams: teams.exactOptional(),
  partner: partner.exactOptional(),
});

/** @throws LmsError `INPUT_INVALID` when the role `partner` and the partner do not go together */
export function checkPartner(user: Pick<User, 'roles' | 'partner'>): void {
  const isPartner = user.roles.includes('partner');
  if (isPartner === (user.partner !== null)) return;
  throw new LmsError('INPUT_INVALID', {
    message: isPartner
      ? 'a user of the role partner needs the slug of its partner'
      : 'only users of the role partner belong to a partner; give the role too, or no partner',
    path: 'partner',
  });
}
