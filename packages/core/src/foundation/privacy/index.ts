export { DataKeyRing } from './data-key-ring.js';
export type { DataKeyStore, StoredDataKey, StoredStoreKey, StoreKeyStore } from './data-key-store.js';
export { createKeyFile, type KeyFileOptions, keyFile } from './key-file.js';
export { keyFromEnvironmentValue } from './key-from-environment.js';
export { LookupHasher } from './lookup-hasher.js';
export { type LookupKeyPorts, openLookupHasher } from './lookup-key.js';
export { maskEmail, maskName, maskText } from './mask-text.js';
export { type KeySource, type MasterKey, masterKeyOf } from './master-key.js';
export { type DataKey, type MasterKeyHandle, type NewDataKey, Vault } from './vault.js';
