export * from './inbox/index.js';
export * from './notices/index.js';
export * from './preferences/index.js';
export * from './webhooks/index.js';
