export type { RowScope } from './row-scope.js';
export { type RoleName, roleNames, type User, type UserQuery, type UserStore } from './user-store.js';
