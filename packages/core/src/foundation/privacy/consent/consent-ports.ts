import type { Clock, IdSource } from '../../kernel/index.js';
import type { Commands, EventRecorder, UnitOfWork } from '../../persistence/index.js';
import type { DataKeyRing } from '../data-key-ring.js';
import type { LookupHasher } from '../lookup-hasher.js';
import type { Vault } from '../vault.js';
import type { ConsentGate } from './consent-gate.js';
import type { ConsentPurposes } from './consent-purpose.js';
import type { ConsentStore, ConsentWordingStore } from './consent-store.js';
import type { ConsentSubjects } from './consent-subjects.js';

/** What consents are given, withdrawn and asked for with. */
export interface ConsentPorts {
  readonly consents: ConsentStore;
  readonly wordings: ConsentWordingStore;
  readonly purposes: ConsentPurposes;
  readonly subjects: ConsentSubjects;
  readonly gate: ConsentGate;
  readonly dataKeys: DataKeyRing;
  readonly vault: Vault;
  readonly hasher: LookupHasher;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly commands: Commands;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Tells the ledger all that was said as leads were made; where one database keeps everything it knows. */
  readonly catchUp: () => Promise<void>;
}
