import { type Actor, hasCode, type LeadId, LmsError, systemActor } from '../../../foundation/kernel/index.js';
import { type DataKeyPlace, DataKeyRing, type DataKeyStore } from '../../../foundation/privacy/index.js';
import type { CommandOptions } from '../command-options.js';
import type { Lead } from '../lead.js';
import { type ChangedLead, type ChangePorts, LeadChanger } from '../lead-change.js';
import { LeadCodec } from '../lead-codec.js';
import type { LeadStore } from '../lead-store.js';
import { type ReadingParts, type ReadingPorts, readingParts } from '../reading-parts.js';
import { checkErasure, type ErasureRequest, eraseLead } from './erase-lead.js';
import { type ErasureHold, refuseHeld } from './erasure-hold.js';

/** What erasing stands on. */
export interface LeadErasurePorts extends ReadingPorts, Omit<ChangePorts, 'codec' | 'lookup' | 'lines' | 'dataKeys'> {
  readonly holds: readonly ErasureHold[];
  /** Tells the ledger all that the documents know. */
  readonly catchUp: () => Promise<void>;
}

export interface FinishErasuresOptions {
  /** Stops between two pages of keys; what was emptied stays so. */
  readonly signal?: AbortSignal;
  /** After each page of at most 500 keys. */
  readonly onProgress?: (progress: FinishedErasures) => void;
}

export interface FinishedErasures {
  /** Data keys that were looked at. */
  readonly keys: number;
  /** Leads that were emptied. */
  readonly finished: number;
}

const keysAPage = 500;
const kind = 'lead';

/** Erases the personal data of leads, everywhere and for good. */
export class LeadErasure {
  readonly #holds: readonly ErasureHold[];
  readonly #dataKeys: DataKeyRing;
  readonly #changer: LeadChanger;
  readonly #ports: Pick<LeadErasurePorts, 'access' | 'unitOfWork' | 'catchUp'> & {
    readonly keys: DataKeyStore;
    readonly leads: LeadStore;
  };
  readonly #reader: ReadingParts['reader'];

  constructor(ports: LeadErasurePorts) {
    const { reader, ...parts } = readingParts(ports);
    const codec = new LeadCodec(ports.vault, ports.hasher);
    this.#holds = ports.holds;
    const { access, unitOfWork, catchUp, leads, dataKeyStore: keys } = ports;
    this.#ports = { access, unitOfWork, catchUp, leads, keys };
    this.#dataKeys = new DataKeyRing(ports.vault, ports.dataKeyStore);
    this.#changer = new LeadChanger({ ...ports, ...parts, codec, dataKeys: this.#dataKeys });
    this.#reader = reader;
  }

  /**
   * Destroys the lead's data key, so that nothing sealed under it can be read again (its values, names in read models, texts of
   * activities, the trail, records of calls, older backups once they are restored beside their list), empties what it held in the
   * clear and gives its unique values back, all in one unit. A numbered shell stays, with its stage, status and moves. Needs
   * `leads.erase`. A lead that is erased already stays as it is; of two callers at once one erases. There is no way back. Of two databases
   * the second hears first of the blocks that came with the lead: who is to be left alone is known by what the key opens.
   * @param lead id or number
   * @throws LmsError `ERASURE_HELD` with every reason to keep it, `LEAD_NOT_FOUND`, `LEAD_VERSION_STALE`, `PERMISSION_DENIED`,
   * `INPUT_INVALID`, `STORE_UNAVAILABLE`
   */
  async erase(actor: Actor, lead: string, request: ErasureRequest, options: CommandOptions = {}): Promise<Lead> {
    const { reason } = checkErasure(request);
    await this.#ports.access.require(actor, 'leads.erase');
    await this.#tell();
    const { stored, key, schema, principal } = await this.#erase(actor, lead, { reason, holds: this.#holds, options });
    return this.#reader.view(stored, key, schema, principal.masked);
  }

  /** Empties a lead that a backup brought back though its key is destroyed. No hold can bring back what the key has sealed. */
  async finish(lead: string): Promise<void> {
    await this.#finish(systemActor('restore'), lead);
  }

  /**
   * Empties every lead that is erased by its key and not by what it holds, which a restore that broke off may leave behind; a restore that
   * ended has done so. Walks over all data keys, 500 at a time, while others work; a run that was stopped is begun again. Needs `leads.erase`.
   * @throws LmsError `COMMAND_ABORTED`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async finishErasures(actor: Actor, { signal, onProgress }: FinishErasuresOptions = {}): Promise<FinishedErasures> {
    const { access, keys, leads } = this.#ports;
    await access.require(actor, 'leads.erase');
    let done: FinishedErasures = { keys: 0, finished: 0 };
    for (let after: DataKeyPlace = { kind, id: '' }; ; ) {
      if (signal?.aborted === true) {
        throw new LmsError('COMMAND_ABORTED', {
          message: `stopped after ${done.keys} keys; begin again to look at the rest`,
        });
      }
      const page = (await keys.list(after, keysAPage)).filter((key) => key.kind === kind);
      const erased = page.filter(({ destroyedAt }) => destroyedAt !== null).map(({ id }) => id as LeadId);
      const unfinished = (await leads.get(null, erased)).filter(({ erasedAt }) => erasedAt === undefined);
      for (const { id } of unfinished) await this.#finish(actor, id);
      done = { keys: done.keys + page.length, finished: done.finished + unfinished.length };
      onProgress?.(done);
      const last = page.at(-1);
      if (last === undefined || page.length < keysAPage) return done;
      after = last;
    }
  }

  /** What stays untold though the servers are there is no reason to keep a person's data. @throws LmsError of a server that is away */
  async #tell(): Promise<void> {
    const { unitOfWork, catchUp } = this.#ports;
    if (unitOfWork.oneDatabase) return;
    await catchUp().catch((error: unknown) => {
      if (hasCode(error, 'STORE_UNAVAILABLE')) throw error;
    });
  }

  async #finish(actor: Actor, lead: string): Promise<void> {
    await this.#erase(actor, lead, { reason: 'restored-backup', holds: [], options: {} });
  }

  #erase(actor: Actor, lead: string, { reason, holds, options }: Erasing): Promise<ChangedLead> {
    return this.#changer.change({
      actor,
      lead,
      permission: 'leads.erase',
      operation: 'leads.erase',
      request: { reason },
      options,
      deleted: 'accept',
      decide: async (context) => {
        const change = eraseLead(context, reason);
        if (change === null) return null;
        refuseHeld(context.lead, context.at, holds);
        await this.#dataKeys.destroy(context.unit, 'lead', context.lead.id, context.at);
        return change;
      },
    });
  }
}

interface Erasing {
  readonly reason: Parameters<typeof eraseLead>[1];
  readonly holds: readonly ErasureHold[];
  readonly options: CommandOptions;
}
