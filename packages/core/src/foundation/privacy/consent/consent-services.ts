import type { Clock } from '../../kernel/index.js';
import { ConsentGate } from './consent-gate.js';
import type { ConsentPorts } from './consent-ports.js';
import { ConsentPurposes, type ConsentSettings } from './consent-purpose.js';
import { ConsentService } from './consent-service.js';
import type { ConsentStore, ConsentWordingStore, ContactBlockStore } from './consent-store.js';
import type { WordingAccess } from './consent-subjects.js';
import { TermsReader } from './consent-terms.js';
import { ConsentWordings } from './consent-wordings.js';
import { ContactBlocks } from './contact-blocks.js';

/** Where consents are kept. */
export interface ConsentStores {
  readonly consents: ConsentStore;
  readonly contactBlocks: ContactBlockStore;
  readonly consentWordings: ConsentWordingStore;
}

/** What asks for consents, and knows for what they can be. */
export interface ConsentRules {
  readonly purposes: ConsentPurposes;
  readonly gate: ConsentGate;
  /** Of what people say yes to, for one call. */
  readonly termsReader: () => TermsReader;
}

export interface ConsentServices {
  readonly records: ConsentService;
  readonly wordings: ConsentWordings;
  readonly blocks: ContactBlocks;
}

/** @throws LmsError `CONFIG_INVALID` for purposes that are none */
export function consentRules(stores: ConsentStores, clock: Clock, settings: ConsentSettings = {}): ConsentRules {
  const purposes = new ConsentPurposes(settings);
  const terms = { purposes, wordings: stores.consentWordings };
  return {
    purposes,
    gate: new ConsentGate({ ...stores, purposes, clock }),
    termsReader: () => new TermsReader(terms),
  };
}

export function consentServices(
  stores: ConsentStores,
  rules: ConsentRules,
  ports: Omit<ConsentPorts, 'consents' | 'wordings' | 'purposes' | 'gate'> & { readonly access: WordingAccess },
): ConsentServices {
  const { consents, contactBlocks, consentWordings: wordings } = stores;
  const common = { ...ports, ...rules };
  return {
    records: new ConsentService({ ...common, consents, wordings }),
    wordings: new ConsentWordings({ ...common, wordings }),
    blocks: new ContactBlocks({ ...common, consents, contactBlocks }),
  };
}
