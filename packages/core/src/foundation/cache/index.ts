export { CacheGroup } from './cache-group.js';
export { type ForgetListener, type Invalidations, noInvalidations } from './invalidations.js';
