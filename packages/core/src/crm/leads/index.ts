export type * from './lead.js';
export { activityTypes } from './lead.js';
export type * from './lead-facts-store.js';
export type * from './lead-store.js';
