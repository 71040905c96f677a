export { type CheckedValues, checkValues, type HeldValues, type ValuesToCheck } from './check-values.js';
export { fieldByKey, fieldTypeOf, isSealed, piiClassOf } from './compiled-fields.js';
export type { DraftOptions } from './definition-drafts.js';
export type { DefinitionPart, PartChange } from './definition-part.js';
export { anyJson, isHostileKey, readShape, type ShapeResult } from './definition-shape.js';
export type * from './definition-store.js';
export {
  type DefinitionFormat,
  type DefinitionText,
  parseDefinitionText,
  readDefinitionText,
  type TextPosition,
  withPlaces,
} from './definition-text.js';
export {
  describeSchema,
  jsonSchemaOf,
  type LayoutField,
  type LayoutSection,
  type SchemaDescription,
} from './describe-schema.js';
export { didYouMean, nearestWord } from './did-you-mean.js';
export {
  type Aspects,
  type ChangedThing,
  type DefinitionChange,
  diffObjects,
  fieldWords,
  type JsonObject,
  lineWords,
  type ThingWords,
} from './diff/index.js';
export type * from './field-definition.js';
export { fieldTypeNames, inputControls, piiClasses } from './field-definition.js';
export {
  FieldSchemaEngine,
  type FieldSchemaPorts,
  type PublishOptions,
  type PublishPartOptions,
  type PublishResult,
  type StandingDefinition,
} from './field-schema-engine.js';
export { fieldShape, words } from './field-shape.js';
export type * from './field-type.js';
export type { FieldTypeSummary } from './field-type-list.js';
export type * from './field-value.js';
export { hideAadhaarNumbers } from './identity/index.js';
export { type IndexValue, indexedFields, indexValues, lastFourIndex, valueForIndex } from './index-values.js';
export { keptText } from './kept-text.js';
export * from './line-schema.js';
export { type LintReport, type LintRequest, lintFields, lintLine } from './lint/index.js';
export {
  isOwnTypeName,
  type KeptFieldType,
  type KeptFieldTypes,
  noOwnFieldTypes,
  OwnFieldTypes,
  type OwnTypeBase,
  type OwnTypeContext,
  type OwnTypeReading,
  type OwnTypeValues,
  ownText,
  ownTypeBases,
  type PluginFieldType,
  type PluginFieldTypeOf,
  type PluginWithTypes,
  pluginFieldTypesShape,
  requireOwnTypes,
} from './own-types/index.js';
export { problemText } from './problem-text.js';
export {
  definitionShape,
  lineSchemaOf,
  type ProductLineDefinition,
  parseDefinition,
  readDefinition,
  slugShape,
  type UniqueRuleDefinition,
} from './product-line-definition.js';
export { type ProjectedRoles, projectRoles, regionField } from './roles.js';
export { SchemaService, type SchemaServicePorts } from './schema-service.js';
export { joinClasses, maskValue, type SplitValues, splitByClass } from './split-by-class.js';
export { type AvailableFieldTypeName, fieldTypes, isAvailableFieldType } from './types/index.js';
export { generateTypes } from './typescript-types.js';
export { type UniqueValue, uniqueValues } from './unique-values.js';
export type { PartVersion } from './versions-at.js';
