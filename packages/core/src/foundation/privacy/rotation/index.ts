export type { KeyProgress, KeyUse, KeyWalkOptions, MasterKeyUse } from './key-counts.js';
export {
  type KeyGate,
  type KeyPorts,
  type KeyRotation,
  type KeyRotationRequest,
  KeyService,
  type KeyStatus,
  type LookupKeyStatus,
  type LookupRotation,
} from './key-service.js';
export type { LookupProgress, LookupWalkOptions } from './lookup-rotator.js';
export {
  type LookupRowCounts,
  type LookupRowKind,
  type LookupRows,
  type LookupStep,
  type LookupWork,
  requireRing,
} from './lookup-rows.js';
export { personRows } from './person-rows.js';
