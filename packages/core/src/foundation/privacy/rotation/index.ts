export type { KeyProgress, KeyUse, KeyWalkOptions, MasterKeyUse } from './key-counts.js';
export {
  type KeyGate,
  type KeyPorts,
  type KeyRotation,
  type KeyRotationRequest,
  KeyService,
  type KeyStatus,
} from './key-service.js';
