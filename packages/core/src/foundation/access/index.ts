export { type AccessPorts, AccessService } from './access-service.js';
export { grants, maskedRoles, type Permission, permissions, rolesWith, type Scope } from './permissions.js';
export type { Principal } from './principal.js';
export { type LimitedScope, type RowHolders, type RowScope, rowScopeIncludes } from './row-scope.js';
export type { NewUser, UserChange } from './user-input.js';
export {
  type UserListQuery,
  type UserPage,
  UserService,
  type UserServicePorts,
  type UserWriteOptions,
} from './user-service.js';
export { type RoleName, roleNames, type User, type UserQuery, type UserStore } from './user-store.js';
export { sharesTeam } from './user-visibility.js';
