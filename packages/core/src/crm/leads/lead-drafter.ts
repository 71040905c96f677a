import type { KeyObject } from 'node:crypto';
import { businessTime, type IdSource } from '../../foundation/kernel/index.js';
import type { UniqueKey } from '../../foundation/persistence/index.js';
import { LookupHasher, type MasterKeyHandle, Vault } from '../../foundation/privacy/index.js';
import { LeadCodec } from './lead-codec.js';
import { uniqueKeysOf } from './lead-keys.js';
import { LeadSettings } from './lead-settings.js';
import type { LineDefinition } from './line-reader.js';
import type { NewLead } from './new-lead.js';
import {
  type LeadAuthor,
  type LeadDraft,
  type PreparedLead,
  prepareLead,
  type RefusedLead,
  sealLead,
} from './prepare-lead.js';

export interface DrafterPorts {
  readonly vault: Vault;
  readonly hasher: LookupHasher;
  readonly settings: LeadSettings;
  readonly ids: IdSource;
}

/** What a drafter on another thread is made of. Keys cross as handles, without their bytes. */
export interface DrafterKit {
  readonly masterKey: MasterKeyHandle;
  readonly lookupKey: KeyObject;
  readonly currency: string;
  readonly timeZone: string;
}

export interface DraftPlace {
  readonly index: number;
  readonly line: LineDefinition;
  readonly author: LeadAuthor;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Checks new leads against their line and seals them, without a store: all of creating leads that can be done on another
 * thread.
 */
export class LeadDrafter {
  readonly #ports: DrafterPorts;
  readonly #codec: LeadCodec;

  constructor(ports: DrafterPorts) {
    this.#ports = ports;
    this.#codec = new LeadCodec(ports.vault, ports.hasher);
  }

  static fromKit(kit: DrafterKit, ids: IdSource): LeadDrafter {
    return new LeadDrafter({
      vault: new Vault(kit.masterKey),
      hasher: new LookupHasher(kit.lookupKey),
      settings: new LeadSettings(businessTime(kit.timeZone), kit.currency),
      ids,
    });
  }

  get kit(): DrafterKit {
    const { vault, hasher, settings } = this.#ports;
    return {
      masterKey: vault.masterKey,
      lookupKey: hasher.handle,
      currency: settings.currency,
      timeZone: settings.timeZone,
    };
  }

  /** @param lead has passed `checkNewLead` but for its field values. @returns every problem of the fields, or the lead */
  prepare(lead: NewLead, place: DraftPlace): PreparedLead | RefusedLead {
    return prepareLead({ lead }, place, this.#ports);
  }

  /** The unique values among those that a refused lead does have. */
  keysOf({ values }: RefusedLead, { schema }: LineDefinition): readonly UniqueKey[] {
    return uniqueKeysOf(schema, { status: 'pending', deletedAt: null, values }, this.#ports.hasher);
  }

  seal(prepared: PreparedLead): LeadDraft {
    return sealLead(prepared, { vault: this.#ports.vault, codec: this.#codec }).draft;
  }
}
