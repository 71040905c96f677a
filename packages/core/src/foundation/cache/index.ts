export { CacheGroup } from './cache-group.js';
export { type ForgetListener, type InvalidationFinding, type Invalidations, noInvalidations } from './invalidations.js';
