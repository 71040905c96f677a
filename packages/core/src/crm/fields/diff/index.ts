export type { Aspects, JsonObject, ThingWords } from './aspect-words.js';
export type { ChangedThing, DefinitionChange } from './definition-change.js';
export { diffObjects } from './diff-objects.js';
export { fieldWords, lineWords } from './field-words.js';
