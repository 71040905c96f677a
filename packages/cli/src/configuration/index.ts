export { type ChosenStore, chooseStore, readSecret } from './choose-store.js';
export { type Configuration, type KeyReference, newConfiguration, type SecretReference } from './configuration.js';
export { configurationFileName, findConfiguration, namedConfiguration } from './find-configuration.js';
export { loadPlugins, requireTrusted } from './load-plugins.js';
export { readConfiguration } from './read-configuration.js';
export { writeNewConfiguration } from './write-configuration.js';
