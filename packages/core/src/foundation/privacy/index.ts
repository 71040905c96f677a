export * from './consent/index.js';
export { DataKeyRing, type ErasedKey, isErased } from './data-key-ring.js';
export type {
  DataKeyPlace,
  DataKeyStore,
  RewrappedDataKey,
  RewrappedStoreKey,
  StoredDataKey,
  StoredStoreKey,
  StoreKeyStore,
} from './data-key-store.js';
export { deriveKey } from './derived-key.js';
export { createKeyFile, type KeyFileOptions, keyFile } from './key-file.js';
export { keyFromEnvironmentValue } from './key-from-environment.js';
export { LookupHasher } from './lookup-hasher.js';
export { type LookupKeyPorts, LookupKeys, openLookupKeys } from './lookup-keys.js';
export { type LookupPhase, LookupRing } from './lookup-ring.js';
export { maskEmail, maskName, maskText } from './mask-text.js';
export { type KeySource, type MasterKey, masterKeyOf } from './master-key.js';
export { loadMasterKeys, type MasterKeyHandle, MasterKeys } from './master-keys.js';
export * from './rotation/index.js';
export { openStoreKey, type StoreKeyName, type StoreKeyPorts } from './store-key.js';
export { type DataKey, type NewDataKey, Vault } from './vault.js';
