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
import type { Vault } from '../vault.js';
import { contactBlocked, contactUnblocked } from './consent-events.js';
import { mostDecisions } from './consent-gate.js';
import { type BlockRequest, blockShape, unblockShape } from './consent-input.js';
import type { ConsentPorts } from './consent-ports.js';
import type {
  BlockedChannel,
  ConsentPerson,
  ConsentStore,
  ContactBlockStore,
  StoredContactBlock,
} from './consent-store.js';
import type { ConsentSubjects, FoundSubject } from './consent-subjects.js';
import { blockView, type ContactBlock, consentReader } from './consent-view.js';
import { tellOfLeads } from './told-of-leads.js';

export interface ContactBlockPorts {
  readonly contactBlocks: ContactBlockStore;
  readonly consents: ConsentStore;
  readonly subjects: ConsentSubjects;
  readonly vault: Vault;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly catchUp: ConsentPorts['catchUp'];
}

const blockAttempts = 5;

/**
 * The do-not-contact list: a block beats every consent until it is lifted, and holds for whoever has the same phone or email, leads that
 * come later among them.
 */
export class ContactBlocks {
  readonly #ports: ContactBlockPorts;

  constructor(ports: ContactBlockPorts) {
    this.#ports = ports;
  }

  /**
   * Needs `consent.manage`. Blocking what is blocked already, also by a caller at the same moment, gives the block that stands. A subject
   * that was erased is known by what was recorded of it before; a reason is not kept then, as nothing is left to seal it under.
   * @param lead id or number
   * @throws LmsError `KEY_DESTROYED` for a subject that was erased and of which no consent or block was recorded, `LEAD_NOT_FOUND`,
   * `INPUT_INVALID`, `PERMISSION_DENIED`
   */
  async block(actor: Actor, lead: string, request: BlockRequest): Promise<ContactBlock> {
    const { subjects, unitOfWork, vault, clock, ids } = this.#ports;
    const found = await subjects.find(actor, 'consent.manage', lead);
    const { channel, source, reason } = checkInput(blockShape, request, 'contact cannot be blocked');
    const block: StoredContactBlock = {
      id: ids.next<'block'>(),
      person: await this.#known(found),
      channel,
      blockedAt: toInstant(clock.now()),
      blockedBy: actorRef(actor),
      source,
      sealedReason: reason === undefined || found.key === null ? null : vault.seal(found.key, reason),
      liftedAt: null,
      liftedBy: null,
      version: 1,
    };
    const stored = await unitOfWork.run('ledger', (unit) => this.#blockIn(unit, actor, block));
    return blockView(stored, await consentReader(this.#ports, { actor, found }, [stored]));
  }

  /**
   * Lifts the blocks of a channel that were made for this subject. Needs `consent.manage`. Those made for another subject with the same
   * phone or email stand until they are lifted there. @returns what this call lifted; none where nothing was blocked
   * @throws LmsError `LEAD_NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`; `READ_MODELS_BEHIND`, `STORE_UNAVAILABLE` where nothing is blocked and a
   * block may be under way that cannot be recorded now
   */
  async unblock(actor: Actor, lead: string, channel: BlockedChannel): Promise<readonly ContactBlock[]> {
    const { subjects, unitOfWork } = this.#ports;
    const found = await subjects.find(actor, 'consent.manage', lead);
    const asked = checkInput(unblockShape, { channel }, 'contact cannot be unblocked');
    const untold = await tellOfLeads(this.#ports);
    const lifted = await unitOfWork.run('ledger', (unit) =>
      this.#liftIn(unit, { actor, found, channel: asked.channel }),
    );
    if (lifted.length === 0 && untold !== undefined) throw untold;
    const reader = await consentReader(this.#ports, { actor, found }, lifted);
    return lifted.map((stored) => blockView(stored, reader));
  }

  /** The blocks that hold for the person, also those made for another subject. Needs `consent.read`. @throws LmsError `LEAD_NOT_FOUND`, `PERMISSION_DENIED` */
  async blocks(actor: Actor, lead: string): Promise<readonly ContactBlock[]> {
    const { subjects, contactBlocks } = this.#ports;
    const found = await subjects.find(actor, 'consent.read', lead);
    const standing = (await contactBlocks.ofPerson(null, found.person, mostDecisions)).filter(isStanding);
    const reader = await consentReader(this.#ports, { actor, found }, standing);
    return standing.map((stored) => blockView(stored, reader));
  }

  /** What an erased subject was known by stays with what was recorded of it: else a block of it would stop nobody. */
  async #known({ person, key }: FoundSubject): Promise<ConsentPerson> {
    if (key !== null) return person;
    const { consents, contactBlocks } = this.#ports;
    const { subject } = person;
    const recorded = [
      ...(await consents.list({ subject, limit: mostDecisions })),
      ...(await contactBlocks.ofPerson(null, person, mostDecisions)),
    ];
    const known = (by: 'phoneHash' | 'emailHash'): string | null =>
      recorded.find((record) => record.person[by] !== null)?.person[by] ?? null;
    const [phoneHash, emailHash] = [known('phoneHash'), known('emailHash')];
    if (phoneHash !== null || emailHash !== null) return { subject, phoneHash, emailHash };
    throw new LmsError('KEY_DESTROYED', {
      message: `${subject.kind} ${subject.id} was erased, and nothing is left that a block could find the person by: block first, then erase`,
    });
  }

  async #blockIn(unit: Unit, actor: Actor, block: StoredContactBlock): Promise<StoredContactBlock> {
    const { contactBlocks, events } = this.#ports;
    for (let attempt = 1; attempt <= blockAttempts; attempt += 1) {
      if (await contactBlocks.insert(unit, block)) {
        await events.record(unit, [contactBlocked(block, { actor, command: 'consents.block' })]);
        return block;
      }
      const there = await contactBlocks.ofPerson(unit, block.person, mostDecisions);
      const standing = there.find((one) => isStanding(one) && isOf(one, block.person) && one.channel === block.channel);
      // It may have been lifted meanwhile.
      if (standing !== undefined) return standing;
    }
    throw new LmsError('STORE_CONFLICT', { message: 'others block and unblock the same person right now; try again' });
  }

  async #liftIn(
    unit: Unit,
    {
      actor,
      found: { person },
      channel,
    }: { readonly actor: Actor; readonly found: FoundSubject; readonly channel: BlockedChannel },
  ): Promise<readonly StoredContactBlock[]> {
    const { contactBlocks, events, clock } = this.#ports;
    const lift = { at: toInstant(clock.now()), by: actorRef(actor) };
    const lifted: StoredContactBlock[] = [];
    for (const block of await contactBlocks.ofPerson(unit, person, mostDecisions)) {
      if (!isStanding(block) || !isOf(block, person) || block.channel !== channel) continue;
      if (!(await contactBlocks.lift(unit, block.id, lift))) continue;
      lifted.push({ ...block, liftedAt: lift.at, liftedBy: lift.by, version: block.version + 1 });
    }
    await events.record(
      unit,
      lifted.map((block) => contactUnblocked(block, { actor, command: 'consents.unblock' })),
    );
    return lifted;
  }
}

function isStanding({ liftedAt }: StoredContactBlock): boolean {
  return liftedAt === null;
}

function isOf({ person }: StoredContactBlock, { subject }: StoredContactBlock['person']): boolean {
  return person.subject.kind === subject.kind && person.subject.id === subject.id;
}
