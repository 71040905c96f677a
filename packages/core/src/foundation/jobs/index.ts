export { Coalescer } from './coalescer.js';
export { Dispatcher } from './dispatcher.js';
