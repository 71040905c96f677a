export { boundLike, boundType, isOwnTypeName } from './bound-types.js';
export {
  type KeptFieldType,
  type KeptFieldTypes,
  keptFieldTypesShape,
  type OwnTypeBase,
  ownTypeBases,
} from './kept-field-types.js';
export { missingFieldType, pluginOf } from './missing-field-type.js';
export { noOwnFieldTypes, OwnFieldTypes, type PluginWithTypes } from './own-field-types.js';
export { ownText } from './own-text.js';
export type * from './plugin-field-type.js';
export { pluginFieldTypesShape, requireOwnTypes } from './plugin-type-shape.js';
