export { ConsentGate, type ConsentGatePorts, type ConsentQuestion } from './consent-gate.js';
export type {
  BlockRequest,
  ConsentEvidence,
  ConsentListQuery,
  NewConsent,
  NewWording,
  WithdrawalRequest,
  WordingListQuery,
} from './consent-input.js';
export { blockShape, newConsentShape } from './consent-input.js';
export { consentPerson, type KnownBy } from './consent-person.js';
export type { ConsentPorts } from './consent-ports.js';
export {
  type ConsentPurpose,
  ConsentPurposes,
  type ConsentSettings,
  type ContactChannel,
  consentSettingsShape,
  contactChannels,
  defaultPurposes,
} from './consent-purpose.js';
export { type ConsentPage, ConsentService } from './consent-service.js';
export {
  type ConsentRules,
  type ConsentServices,
  type ConsentStores,
  consentRules,
  consentServices,
} from './consent-services.js';
export type * from './consent-store.js';
export { consentSources } from './consent-store.js';
export type { ConsentPermission, ConsentSubjects, FoundSubject, WordingAccess } from './consent-subjects.js';
export { type ConsentTerms, type SaidConsent, saidConsent, type TermsPorts, TermsReader } from './consent-terms.js';
export type { Consent, ContactBlock, SealedDetails } from './consent-view.js';
export { ConsentWordings, type WordingPage, type WordingPorts } from './consent-wordings.js';
export { type AtCreationPorts, consentsAtCreation } from './consents-at-creation.js';
export { blocksUnderRing, consentsUnderRing } from './consents-under-ring.js';
export { type ContactBlockPorts, ContactBlocks } from './contact-blocks.js';
export type { ConsentDecision, ConsentRefusal } from './decide-consent.js';
export type { ConsentWriteOptions } from './give-consent.js';
export { atPath, mostAtCreation, type SaidAtCreation, saidAtCreation } from './said-at-creation.js';
export { type SealedAtCreation, sealAtCreation, toldAtCreation } from './sealed-at-creation.js';
