export { type ChosenStore, chooseStore, readSecret } from './choose-store.js';
export {
  type Configuration,
  configurationSchema,
  type HybridStore,
  newConfiguration,
  type SecretReference,
  type SqliteStore,
  type StoreConfiguration,
} from './configuration.js';
export { configurationFileName, findConfiguration, type Whereabouts } from './find-configuration.js';
export { parseConfiguration, readConfiguration } from './read-configuration.js';
export { writeNewConfiguration } from './write-configuration.js';
