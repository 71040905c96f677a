export type * from './definition-store.js';
export type * from './field-definition.js';
export { fieldTypeNames, inputControls, piiClasses } from './field-definition.js';
export type * from './field-type.js';
export type * from './field-value.js';
