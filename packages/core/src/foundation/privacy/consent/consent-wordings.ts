import { hash } from 'node:crypto';
import {
  type Actor,
  actorRef,
  type Clock,
  checkInput,
  type IdSource,
  LmsError,
  toInstant,
} from '../../kernel/index.js';
import type { EventRecorder, Unit, UnitOfWork } from '../../persistence/index.js';
import { wordingAdded } from './consent-events.js';
import { type NewWording, newWordingShape, type WordingListQuery, wordingListShape } from './consent-input.js';
import type { ConsentPurpose, ConsentPurposes } from './consent-purpose.js';
import type { ConsentWording, ConsentWordingStore } from './consent-store.js';
import type { WordingAccess } from './consent-subjects.js';

export interface WordingPorts {
  readonly wordings: ConsentWordingStore;
  readonly purposes: ConsentPurposes;
  readonly access: WordingAccess;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** Wordings, oldest first. */
export interface WordingPage {
  readonly wordings: readonly ConsentWording[];
  /** Continues the list as `after`; null on the last page. */
  readonly next: string | null;
}

const defaultLimit = 50;
const addAttempts = 5;
const command = 'consents.addWording';

/** The texts that people agree to. A text never changes: one that reads otherwise is a new version. */
export class ConsentWordings {
  readonly #ports: WordingPorts;

  constructor(ports: WordingPorts) {
    this.#ports = ports;
  }

  /**
   * Needs `consent.wordings`. The text that is the newest version already is not added again, nor one that has the version given; either is
   * answered as if it had been. Of two callers at once with different texts each gets a version.
   * @throws LmsError `CONSENT_WORDING_EXISTS` when the version given has another text, `CONSENT_PURPOSE_UNKNOWN`, `INPUT_INVALID`,
   * `PERMISSION_DENIED`
   */
  async add(actor: Actor, input: NewWording): Promise<ConsentWording> {
    const { access, purposes, unitOfWork } = this.#ports;
    await access.require(actor, 'consent.wordings');
    const wording = checkInput(newWordingShape, input, 'the wording cannot be added');
    purposes.get(wording.purpose);
    return unitOfWork.run('ledger', (unit) => this.#addIn(unit, actor, wording));
  }

  /** What consents can be for in this store. Needs `consent.read`. @throws LmsError `PERMISSION_DENIED` */
  async purposes(actor: Actor): Promise<readonly ConsentPurpose[]> {
    await this.#ports.access.require(actor, 'consent.read');
    return this.#ports.purposes.all;
  }

  /** Needs `consent.read`. @throws LmsError `CONSENT_WORDING_NOT_FOUND`, `PERMISSION_DENIED` */
  async get(actor: Actor, purpose: string, language: string, version: number): Promise<ConsentWording> {
    await this.#ports.access.require(actor, 'consent.read');
    const wording = await this.#ports.wordings.get(null, purpose, language, version);
    if (wording === null) throw wordingNotFound(purpose, language, version);
    return wording;
  }

  /** Needs `consent.read`. @throws LmsError `INPUT_INVALID`, `PERMISSION_DENIED` */
  async list(actor: Actor, query: WordingListQuery = {}): Promise<WordingPage> {
    await this.#ports.access.require(actor, 'consent.read');
    const { limit = defaultLimit, ...rest } = checkInput(wordingListShape, query, 'wordings cannot be listed');
    const found = await this.#ports.wordings.list({ ...rest, limit: limit + 1 });
    const wordings = found.slice(0, limit);
    return { wordings, next: found.length > limit ? (wordings.at(-1)?.id ?? null) : null };
  }

  async #addIn(unit: Unit, actor: Actor, wanted: NewWording): Promise<ConsentWording> {
    const { wordings, clock, ids } = this.#ports;
    const { purpose, language, text } = wanted;
    const digest = hash('sha256', text, 'hex');
    for (let attempt = 1; attempt <= addAttempts; attempt += 1) {
      const newest = await wordings.newest(unit, purpose, language);
      const version = wanted.version ?? (newest?.hash === digest ? newest.version : (newest?.version ?? 0) + 1);
      const there = await wordings.get(unit, purpose, language, version);
      if (there !== null) {
        if (there.hash === digest) return there;
        throw new LmsError('CONSENT_WORDING_EXISTS', {
          message: `version ${version} of the wording for ${purpose} in ${language} has another text; add it as a new version`,
          path: 'version',
        });
      }
      const added: ConsentWording = {
        id: ids.next<'wording'>(),
        purpose,
        language,
        version,
        text,
        hash: digest,
        addedAt: toInstant(clock.now()),
        addedBy: actorRef(actor),
      };
      if (await wordings.insert(unit, added)) {
        await this.#ports.events.record(unit, [wordingAdded(added, { actor, command })]);
        return added;
      }
    }
    throw new LmsError('STORE_CONFLICT', { message: 'others add wordings of the same purpose right now; try again' });
  }
}

export function wordingNotFound(purpose: string, language: string, version?: number): LmsError {
  const which = version === undefined ? 'no wording' : `no version ${version} of the wording`;
  return new LmsError('CONSENT_WORDING_NOT_FOUND', {
    message: `there is ${which} for ${purpose} in the language ${language}; add the text that people agree to first`,
    path: 'wording',
  });
}
