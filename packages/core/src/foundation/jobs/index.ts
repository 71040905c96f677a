export { Dispatcher, type DispatcherHealth, type DispatcherPorts } from './dispatcher.js';
