export type * from './import-run-store.js';
export type * from './lead-batch-writer.js';
