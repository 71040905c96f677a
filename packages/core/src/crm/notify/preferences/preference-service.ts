import type { AccessService, UserStore } from '../../../foundation/access/index.js';
import {
  type Actor,
  actorRef,
  type Clock,
  canonicalJson,
  checkInput,
  instantNow,
  LmsError,
  type Problem,
  quoted,
} from '../../../foundation/kernel/index.js';
import type { EventRecorder, Unit, UnitOfWork } from '../../../foundation/persistence/index.js';
import { choiceKey, partsOfChoice } from './notice-choices.js';
import {
  mostChoices,
  type PreferenceChange,
  type PreferenceOptions,
  preferenceChangeShape,
  preferenceOptionsShape,
} from './preference-input.js';
import type { NoticePreferences, PreferenceStore, StoredPreferences } from './preference-store.js';

export interface PreferenceServicePorts {
  readonly access: Pick<AccessService, 'require'>;
  readonly users: Pick<UserStore, 'get'>;
  readonly preferences: PreferenceStore;
  /** Names of the rules that hold, and types of events. */
  readonly subjects: () => Promise<ReadonlySet<string>>;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly clock: Clock;
}

/** How a user wants to be told. */
export interface UserPreferences extends NoticePreferences {
  readonly user: string;
  /** 0 before anything was chosen. */
  readonly version: number;
}

const nothingChosen: NoticePreferences = { choices: {}, language: null, quietHours: null };
const changeAttempts = 5;

/** How users want to be told of what rules tell. */
export class PreferenceService {
  readonly #ports: PreferenceServicePorts;

  constructor(ports: PreferenceServicePorts) {
    this.#ports = ports;
  }

  /**
   * Those of the actor need `inbox.use`, those of another user `notify.read`.
   * @throws LmsError `INPUT_INVALID`, `USER_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async get(actor: Actor, options: PreferenceOptions = {}): Promise<UserPreferences> {
    const user = await this.#userOf(actor, options, 'notify.read');
    return shown(user, await this.#ports.preferences.get(null, user));
  }

  /**
   * Changes what is named. Those of the actor need `inbox.use`, those of another user `users.write`. It holds for what is handed out and sent from
   * then on; rules that are `mandatory` tell all the same. The trail tells of it. Changes of several callers at once all hold, each choice as the
   * last of them made it.
   * @throws LmsError `INPUT_INVALID`, also for a rule or an event that is none, `LIMIT_EXCEEDED`, `USER_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async set(actor: Actor, change: PreferenceChange, options: PreferenceOptions = {}): Promise<UserPreferences> {
    const user = await this.#userOf(actor, options, 'users.write');
    const checked = checkInput(preferenceChangeShape, change, 'the preferences cannot be set');
    await this.#requireSubjects(checked);
    for (let attempt = 1; ; attempt += 1) {
      const saved = await this.#ports.unitOfWork.run('ledger', (unit) => this.#save(unit, { actor, user }, checked));
      if (saved !== null) return shown(user, saved);
      if (attempt < changeAttempts) continue;
      throw new LmsError('STORE_CONFLICT', { message: 'somebody else keeps changing these preferences; try again' });
    }
  }

  /** Null where somebody else was there first. */
  async #save(
    unit: Unit,
    { actor, user }: { readonly actor: Actor; readonly user: string },
    change: PreferenceChange,
  ): Promise<StoredPreferences | null> {
    const { preferences, events, clock } = this.#ports;
    const stored = await preferences.get(unit, user);
    const before = shown(user, stored);
    const after = changed(before, change);
    if (stored !== null && sameText(before, after)) return stored;
    const { length } = Object.keys(after.choices);
    if (length > mostChoices) {
      throw new LmsError('LIMIT_EXCEEDED', {
        message: `${length} choices are more than the ${mostChoices} of one user`,
      });
    }
    const saved: StoredPreferences = {
      ...after,
      userId: user,
      version: before.version + 1,
      updatedAt: instantNow(clock),
      updatedBy: actorRef(actor),
    };
    if (!(await preferences.save(unit, saved))) return null;
    await events.record(unit, [
      {
        type: 'notification.preferences_set',
        typeVersion: 1,
        aggregate: { kind: 'notice-preferences', id: user, version: saved.version },
        actor,
        command: 'notify.preferences',
        data: { choices: { ...after.choices }, language: after.language, quietHours: quietData(after) },
        sealed: null,
      },
    ]);
    return saved;
  }

  async #userOf(actor: Actor, options: PreferenceOptions, ofOthers: 'notify.read' | 'users.write'): Promise<string> {
    const own = actor.kind === 'user' ? actor.id : null;
    const { user = own } = checkInput(preferenceOptionsShape, options, 'there are no such preferences');
    if (user === null) {
      throw new LmsError('INPUT_INVALID', { message: 'only users have preferences: say whose is meant', path: 'user' });
    }
    await this.#ports.access.require(actor, user === own ? 'inbox.use' : ofOthers);
    if (user !== own && (await this.#ports.users.get(null, user)) === null) {
      throw new LmsError('USER_NOT_FOUND', { message: `there is no user ${quoted(user)}` });
    }
    return user;
  }

  /** A name that is misspelt would silence nothing. */
  async #requireSubjects({ choices = {} }: PreferenceChange): Promise<void> {
    const chosen = Object.entries(choices).filter(([, choice]) => choice !== null);
    if (chosen.length === 0) return;
    const subjects = await this.#ports.subjects();
    const problems = chosen.flatMap(([key]): readonly Problem[] => {
      const { about } = partsOfChoice(key);
      if (about === '*' || subjects.has(about)) return [];
      return [{ path: `choices.${key}`, rule: 'unknown', message: `there is no rule and no event ${about}` }];
    });
    if (problems.length > 0) throw LmsError.ofProblems('INPUT_INVALID', 'the preferences cannot be set', problems);
  }
}

function shown(user: string, stored: StoredPreferences | null): UserPreferences {
  const { choices, language, quietHours } = stored ?? nothingChosen;
  return { user, version: stored?.version ?? 0, choices, language, quietHours };
}

function changed(before: NoticePreferences, change: PreferenceChange): NoticePreferences {
  const choices = new Map(Object.entries(before.choices));
  for (const [key, choice] of Object.entries(change.choices ?? {})) {
    const { about, channel } = partsOfChoice(key);
    if (choice === null) choices.delete(choiceKey(about, channel));
    else choices.set(choiceKey(about, channel), choice);
  }
  return {
    choices: Object.fromEntries([...choices].sort(([one], [other]) => (one < other ? -1 : 1))),
    language: change.language === undefined ? before.language : change.language,
    quietHours: change.quietHours === undefined ? before.quietHours : change.quietHours,
  };
}

function sameText(before: NoticePreferences, after: NoticePreferences): boolean {
  const text = ({ choices, language, quietHours }: NoticePreferences): string =>
    canonicalJson({ choices: { ...choices }, language, quietHours: quietData({ quietHours }) });
  return text(before) === text(after);
}

function quietData({
  quietHours,
}: Pick<NoticePreferences, 'quietHours'>): { readonly [key: string]: string } | string | null {
  return quietHours === null || typeof quietHours === 'string' ? quietHours : { ...quietHours };
}
