import type { KeyObject } from 'node:crypto';
import { businessTime, type IdSource } from '../../foundation/kernel/index.js';
import type { UniqueKey } from '../../foundation/persistence/index.js';
import { LookupHasher, type MasterKeyHandle, MasterKeys, Vault } from '../../foundation/privacy/index.js';
import { checkValues, type DateOrders, type FieldContext } from '../fields/index.js';
import { LeadCodec } from './lead-codec.js';
import { uniqueKeysOf } from './lead-keys.js';
import { LeadSettings } from './lead-settings.js';
import type { LineDefinition } from './line-reader.js';
import type { NewLead } from './new-lead.js';
import {
  type LeadClaim,
  type LeadDraft,
  type LeadPlace,
  type PreparedLead,
  type PreparePorts,
  prepareLead,
  type RefusedLead,
  sealLead,
} from './prepare-lead.js';

export interface DrafterPorts extends PreparePorts {
  readonly vault: Vault;
}

/** What a drafter on another thread is made of. Keys cross as handles, without their bytes; guards cannot cross. */
export interface DrafterKit {
  readonly masterKeys: readonly MasterKeyHandle[];
  readonly lookupKey: KeyObject;
  readonly currency: string;
  readonly timeZone: string;
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
      vault: new Vault(new MasterKeys(kit.masterKeys)),
      hasher: new LookupHasher(kit.lookupKey),
      settings: new LeadSettings(businessTime(kit.timeZone), kit.currency),
      ids,
    });
  }

  get kit(): DrafterKit {
    const { vault, hasher, settings } = this.#ports;
    return {
      masterKeys: vault.masterKeys.all,
      lookupKey: hasher.handle,
      currency: settings.currency,
      timeZone: settings.timeZone,
    };
  }

  /** @param lead has passed `checkNewLead` but for its field values. @returns every problem of the fields, or the lead */
  prepare(lead: NewLead, place: LeadPlace): PreparedLead | RefusedLead {
    return prepareLead({ lead }, place, this.#ports);
  }

  /** How what people type is read in this store. @param now epoch milliseconds */
  context(now: number, dateOrder?: DateOrders): FieldContext {
    return this.#ports.settings.fieldContext(now, dateOrder);
  }

  /** The unique values among those that a refused lead does have. */
  keysOf({ values }: RefusedLead, { schema }: LineDefinition): readonly UniqueKey[] {
    return uniqueKeysOf(schema, { status: 'pending', deletedAt: null, values }, this.#ports.hasher);
  }

  /** The unique values of a lead as far as they can be read, whether or not it could be made; other fields may be left out. */
  claim(lead: NewLead, { index, line, now }: Omit<LeadPlace, 'author' | 'said'>): LeadClaim {
    const { hasher, settings, ids } = this.#ports;
    const context = settings.fieldContext(now, lead.dateOrder);
    const { values } = checkValues({ schema: line.schema, input: lead.fields, context, mode: 'create' });
    const keys = uniqueKeysOf(line.schema, { status: 'pending', deletedAt: null, values }, hasher);
    return { index, leadId: ids.next<'lead'>(), line, keys, command: null };
  }

  seal(prepared: PreparedLead): LeadDraft {
    return sealLead(prepared, { ...this.#ports, codec: this.#codec }).draft;
  }
}
