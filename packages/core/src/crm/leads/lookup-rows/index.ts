export { leadRows } from './lead-rows.js';
export { uniqueKeyRows } from './unique-key-rows.js';
