import { type Actor, systemActor } from '../../../foundation/kernel/index.js';
import { DataKeyRing } from '../../../foundation/privacy/index.js';
import type { CommandOptions } from '../command-options.js';
import type { Lead } from '../lead.js';
import { type ChangedLead, type ChangePorts, LeadChanger } from '../lead-change.js';
import { LeadCodec } from '../lead-codec.js';
import { type ReadingParts, type ReadingPorts, readingParts } from '../reading-parts.js';
import { checkErasure, type ErasureRequest, eraseLead } from './erase-lead.js';
import { type ErasureHold, refuseHeld } from './erasure-hold.js';

/** What erasing stands on. */
export interface LeadErasurePorts extends ReadingPorts, Omit<ChangePorts, 'codec' | 'lookup' | 'lines' | 'dataKeys'> {
  readonly holds: readonly ErasureHold[];
}

/** Erases the personal data of leads, everywhere and for good. */
export class LeadErasure {
  readonly #holds: readonly ErasureHold[];
  readonly #dataKeys: DataKeyRing;
  readonly #changer: LeadChanger;
  readonly #reader: ReadingParts['reader'];

  constructor(ports: LeadErasurePorts) {
    const { reader, ...parts } = readingParts(ports);
    const codec = new LeadCodec(ports.vault, ports.hasher);
    this.#holds = ports.holds;
    this.#dataKeys = new DataKeyRing(ports.vault, ports.dataKeyStore);
    this.#changer = new LeadChanger({ ...ports, ...parts, codec, dataKeys: this.#dataKeys });
    this.#reader = reader;
  }

  /**
   * Destroys the lead's data key, so that nothing sealed under it can be read again (its values, names in read models, texts of
   * activities, the trail, records of calls, older backups once they are restored beside their list), empties what it held in the
   * clear and gives its unique values back, all in one unit. A numbered shell stays, with its stage, status and moves. Needs
   * `leads.erase`. A lead that is erased already stays as it is; of two callers at once one erases. There is no way back.
   * @param lead id or number
   * @throws LmsError `ERASURE_HELD` with every reason to keep it, `LEAD_NOT_FOUND`, `LEAD_VERSION_STALE`, `PERMISSION_DENIED`,
   * `INPUT_INVALID`
   */
  async erase(actor: Actor, lead: string, request: ErasureRequest, options: CommandOptions = {}): Promise<Lead> {
    const { reason } = checkErasure(request);
    const { stored, key, schema, principal } = await this.#erase(actor, lead, { reason, holds: this.#holds, options });
    return this.#reader.view(stored, key, schema, principal.masked);
  }

  /** Empties a lead that a backup brought back though its key is destroyed. No hold can bring back what the key has sealed. */
  async finish(lead: string): Promise<void> {
    await this.#erase(systemActor('restore'), lead, { reason: 'restored-backup', holds: [], options: {} });
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
