import type { Actor } from '../../kernel/index.js';
import type { DataKey } from '../vault.js';
import type { ConsentPerson, ConsentSubject } from './consent-store.js';

export type ConsentPermission = 'consent.read' | 'consent.manage';

/** Who is meant, found for an actor that may see it. */
export interface FoundSubject {
  /** Without hashes of a subject that was erased: what it was known by is gone. */
  readonly person: ConsentPerson;
  /** null when the subject was erased. */
  readonly key: DataKey | null;
  /** True when personal data is masked for the actor. */
  readonly masked: boolean;
}

/** Finds people for the consents; whoever keeps people answers. */
export interface ConsentSubjects {
  /**
   * @param reference as people name a subject: the id or number of a lead
   * @throws LmsError `ACTOR_UNKNOWN`, `PERMISSION_DENIED`, `LEAD_NOT_FOUND` also where the actor may not see it
   */
  find(actor: Actor, permission: ConsentPermission, reference: string): Promise<FoundSubject>;
  /** The ids of those subjects that the actor may see. */
  seen(actor: Actor, subjects: readonly ConsentSubject[]): Promise<ReadonlySet<string>>;
}

/** Who may add wordings is decided by access. */
export interface WordingAccess {
  /** @throws LmsError `ACTOR_UNKNOWN`, `PERMISSION_DENIED` */
  require(actor: Actor, permission: 'consent.read' | 'consent.wordings'): Promise<unknown>;
}
