export { type LeadRowPorts, leadRows } from './lead-rows.js';
export { type UniqueKeyRowPorts, uniqueKeyRows } from './unique-key-rows.js';
