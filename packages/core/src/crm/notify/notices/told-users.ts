import type { AccessService, UserStore } from '../../../foundation/access/index.js';
import { type RowHolders, rowScopeIncludes } from '../../../foundation/access/index.js';
import { type Actor, type ErrorCode, type LeadId, LmsError } from '../../../foundation/kernel/index.js';
import type { LeadFactsRow, LeadStore } from '../../leads/index.js';
import type { NoticePreferences, PreferenceStore } from '../preferences/index.js';
import type { NoticeRecipient } from './notice-book.js';

export interface ToldUsersPorts {
  readonly users: Pick<UserStore, 'list'>;
  readonly preferences: Pick<PreferenceStore, 'ofUsers'>;
  readonly access: Pick<AccessService, 'require' | 'rowScope'>;
  readonly leads: Pick<LeadStore, 'get'>;
}

const mostUsers = 500;
/** What says that a user is told nothing of a lead. */
const hidden: ReadonlySet<ErrorCode> = new Set(['PERMISSION_DENIED', 'ACTOR_UNKNOWN']);

/** What is asked of users while some events are handed out: of each role, team and user once. */
export class ToldUsers {
  readonly #ports: ToldUsersPorts;
  readonly #groups = new Map<string, Promise<readonly string[]>>();
  readonly #preferences = new Map<string, NoticePreferences | null>();
  readonly #holders = new Map<LeadId, Promise<RowHolders>>();

  constructor(ports: ToldUsersPorts) {
    this.#ports = ports;
  }

  /** Ids of the active users of a role or team, the first 500. @throws LmsError `STORE_*` */
  of(to: Extract<NoticeRecipient, { readonly kind: 'role' | 'team' }>): Promise<readonly string[]> {
    const which = to.kind === 'role' ? { role: to.role } : { team: to.team };
    const key = JSON.stringify(which);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const found = this.#ports.users
      .list({ active: true, ...which, limit: mostUsers })
      .then((users) => users.map(({ id }) => id));
    this.#groups.set(key, found);
    return found;
  }

  /** What each of these prefers; null who prefers nothing. @throws LmsError `STORE_*` */
  async preferences(ids: readonly string[]): Promise<ReadonlyMap<string, NoticePreferences | null>> {
    const unknown = ids.filter((id) => !this.#preferences.has(id));
    if (unknown.length > 0) {
      for (const id of unknown) this.#preferences.set(id, null);
      for (const each of await this.#ports.preferences.ofUsers(unknown)) this.#preferences.set(each.userId, each);
    }
    return this.#preferences;
  }

  /** Why a user may not be told of a lead; null who may see it. @throws LmsError `STORE_*` */
  async refusal(id: string, facts: LeadFactsRow): Promise<ErrorCode | null> {
    const actor: Actor = { kind: 'user', id };
    try {
      const scope = await this.#ports.access.rowScope(await this.#ports.access.require(actor, 'leads.read'));
      if (scope.everything || rowScopeIncludes(scope, { ...facts, collaboratorIds: [] })) return null;
      return rowScopeIncludes(scope, await this.#holdersOf(facts)) ? null : 'LEAD_NOT_FOUND';
    } catch (error) {
      if (!LmsError.isInstance(error) || !hidden.has(error.code)) throw error;
      return error.code === 'ACTOR_UNKNOWN' ? 'NOTICE_RECIPIENT_GONE' : error.code;
    }
  }

  /** The ledger knows who has a lead; who collaborates on it the lead does. */
  #holdersOf({ leadId, ownerId, partner }: LeadFactsRow): Promise<RowHolders> {
    const known = this.#holders.get(leadId);
    if (known !== undefined) return known;
    const found = this.#ports.leads
      .get(null, [leadId])
      .then(([lead]) => ({ ownerId, partner, collaboratorIds: lead?.collaboratorIds ?? [] }));
    this.#holders.set(leadId, found);
    return found;
  }
}
