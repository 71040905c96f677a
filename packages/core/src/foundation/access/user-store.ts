import type { Instant } from '../kernel/index.js';
import type { Unit } from '../persistence/index.js';

export const roleNames = ['admin', 'manager', 'agent', 'partner', 'auditor'] as const;
export type RoleName = (typeof roleNames)[number];

/** Somebody in the directory. */
export interface User {
  /** A slug such as `asha`; immutable. */
  readonly id: string;
  readonly name: string;
  /** Lower case, unique; null for users without mail. */
  readonly email: string | null;
  readonly roles: readonly RoleName[];
  readonly teams: readonly string[];
  /** Slug of the partner a `partner` user belongs to. */
  readonly partner: string | null;
  readonly active: boolean;
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export interface UserQuery {
  readonly active?: boolean;
  readonly team?: string;
  readonly role?: RoleName;
  /** Users after this id, by id. */
  readonly after?: string;
  readonly limit: number;
}

/** Lives in the ledger. */
export interface UserStore {
  /** False when the id or the email is taken (also by a caller at the same time). */
  insert(unit: Unit, user: User): Promise<boolean>;
  /** Compare-and-swap on version: false when it is no longer `expectedVersion`. The email stays unique: `'email-taken'`. */
  replace(unit: Unit, user: User, expectedVersion: number): Promise<boolean | 'email-taken'>;
  get(unit: Unit | null, id: string): Promise<User | null>;
  findByEmail(unit: Unit | null, email: string): Promise<User | null>;
  /** By id, ascending. */
  list(query: UserQuery): Promise<readonly User[]>;
  /** Ids of the users of any of the teams, at most 10,000. */
  idsInTeams(teams: readonly string[]): Promise<readonly string[]>;
  /** Ids of active admins, the first 1,000, locked for this unit where the engine locks rows. */
  activeAdmins(unit: Unit): Promise<readonly string[]>;
  count(): Promise<number>;
}
