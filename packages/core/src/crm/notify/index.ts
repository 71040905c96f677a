export * from './notices/index.js';
export * from './webhooks/index.js';
