export { type MappingDocument, mappingJsonSchema, parseMappingText, readMapping } from './mapping-document.js';
export {
  type MappingListQuery,
  type MappingName,
  type MappingPorts,
  MappingService,
  type SavedMapping,
  type SaveMappingOptions,
} from './mapping-service.js';
export type { SavedMappingStore, StoredMapping } from './saved-mapping-store.js';
export { mappingUsed, withMapping } from './use-mapping.js';
