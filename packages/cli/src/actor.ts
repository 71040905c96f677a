import { hostname, userInfo } from 'node:os';
import type { ActorVia } from '@lms/core/kernel';

/** The machine and the operating-system user behind a command; audited beside the actor. */
export function consoleOfThisMachine(): ActorVia {
  return { host: hostname(), operatingSystemUser: operatingSystemUser() };
}

function operatingSystemUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a numeric user that has no name.
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

/** The directory id of an operating-system user: `DOMAIN\Asha Rao` becomes `asha-rao`. */
export function userIdOf(operatingSystemUserName: string): string {
  const name = operatingSystemUserName.split('\\').at(-1) ?? '';
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64)
    .replace(/-$/, '');
  return slug === '' ? 'user' : slug;
}

/** A user, and the console through which the user acts. */
export interface ConsoleActor {
  readonly kind: 'user';
  readonly id: string;
  readonly via: ActorVia;
}

/** `--actor`, else LMS_ACTOR, else the operating-system user. */
export function chooseActor(flag: string | undefined, environment: NodeJS.ProcessEnv): ConsoleActor {
  const via = consoleOfThisMachine();
  const id = flag ?? (environment['LMS_ACTOR'] || userIdOf(via.operatingSystemUser));
  return { kind: 'user', id, via };
}
