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
export { didYouMean, nearestWord } from './did-you-mean.js';
export type * from './field-definition.js';
export { fieldTypeNames, inputControls, piiClasses } from './field-definition.js';
export { fieldShape, words } from './field-shape.js';
export type * from './field-type.js';
export type * from './field-value.js';
export * from './line-schema.js';
export * from './product-line-definition.js';
