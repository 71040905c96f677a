import { z } from 'zod';
import {
  type Actor,
  type Clock,
  checkInput,
  hasCode,
  LmsError,
  quoted,
  systemActor,
  toInstant,
} from '../kernel/index.js';
import {
  type Commands,
  commandKey,
  commandRecord,
  type EventRecorder,
  type Unit,
  type UnitOfWork,
  type UnitOptions,
} from '../persistence/index.js';
import type { AccessService } from './access-service.js';
import type { Principal } from './principal.js';
import { sameUser, userCreated, userUpdated } from './user-events.js';
import { checkPartner, type NewUser, newUserShape, type UserChange, userChangeShape } from './user-input.js';
import { type RoleName, roleNames, type User, type UserStore } from './user-store.js';
import { seesUser, shownUser } from './user-visibility.js';

export interface UserServicePorts {
  readonly users: UserStore;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly commands: Commands;
  readonly access: AccessService;
  readonly clock: Clock;
}

export interface UserWriteOptions extends UnitOptions {
  /** The version that was read; without it the newest is changed. */
  readonly expectedVersion?: number;
}

export interface UserListQuery {
  readonly active?: boolean;
  readonly team?: string;
  readonly role?: RoleName;
  /** `next` of the page before. */
  readonly after?: string;
  /** 1 to 200 users; 50 when absent. */
  readonly limit?: number;
}

/** Users by id, ascending. */
export interface UserPage {
  readonly users: readonly User[];
  /** Continues the list as `after`; null on the last page. */
  readonly next: string | null;
}

const defaultLimit = 50;
const mostUsers = 200;
const changeAttempts = 5;
const directory = systemActor('init');

interface ChangeRequest {
  readonly actor: Actor;
  readonly id: string;
  readonly command: string;
  readonly options: UserWriteOptions;
}

const listShape: z.ZodType<UserListQuery> = z.strictObject({
  active: z.boolean().exactOptional(),
  team: z.string().max(64).exactOptional(),
  role: z.enum(roleNames).exactOptional(),
  after: z.string().max(64).exactOptional(),
  limit: z.int().min(1).max(mostUsers).exactOptional(),
});

/** The directory of users. Changes take effect in this process at once, in others within two seconds. */
export class UserService {
  readonly #ports: UserServicePorts;

  constructor(ports: UserServicePorts) {
    this.#ports = ports;
  }

  /**
   * Makes the first admin of a store; the store's maker needs no permission. Of several callers at once, also in other
   * processes, one makes the admin.
   * @throws LmsError `USER_EXISTS` when the directory is not empty, `INPUT_INVALID`
   */
  async bootstrapAdmin(input: Pick<NewUser, 'id' | 'name' | 'email'>): Promise<User> {
    const { clock, commands, unitOfWork, users } = this.#ports;
    const user = this.#newUser({
      ...checkInput(newUserShape, { ...input, roles: ['admin'] }, 'the first admin cannot be made'),
    });
    const once = commandKey('system:init', 'users.bootstrap', 'first-admin', null);
    await unitOfWork.run('ledger', async (unit) => {
      const [made] = await commands.find(unit, 'ledger', once.scope, [once.key]);
      if (made !== undefined || (await users.count()) > 0 || !(await users.insert(unit, user))) {
        throw new LmsError('USER_EXISTS', {
          message: 'this store has users already; ask one of its admins to add you',
        });
      }
      await commands.record(unit, [commandRecord(once, { kind: 'user', id: user.id, version: user.version }, clock)]);
      await this.#ports.events.record(unit, [userCreated(user, directory, 'users.bootstrap')]);
    });
    this.#ports.access.forgetUsers();
    return user;
  }

  /**
   * Needs `users.write`.
   * @throws LmsError `INPUT_INVALID`, `USER_EXISTS` when the id or the email is taken, also by a caller at the same time
   */
  async create(actor: Actor, input: NewUser, options: UnitOptions = {}): Promise<User> {
    await this.#ports.access.require(actor, 'users.write');
    const user = this.#newUser(checkInput(newUserShape, input, 'the user cannot be created'));
    await this.#write(options, async (unit) => {
      if (!(await this.#ports.users.insert(unit, user))) {
        throw new LmsError('USER_EXISTS', { message: `a user with the id ${user.id}, or with the same email, exists` });
      }
      await this.#ports.events.record(unit, [userCreated(user, actor, 'users.create')]);
    });
    return user;
  }

  /**
   * Needs `users.write`. A change that changes nothing writes nothing. Nobody takes the role admin from themselves, and nobody, of any
   * number of callers at once, from the last who has it: a store is never without an active admin.
   * @throws LmsError `USER_NOT_FOUND`, `INPUT_INVALID`, `USER_VERSION_STALE`, `USER_EXISTS` when the email is taken,
   * `USER_LAST_ADMIN`, `PERMISSION_DENIED`
   */
  async update(actor: Actor, id: string, input: UserChange, options: UserWriteOptions = {}): Promise<User> {
    const change = checkInput(userChangeShape, input, 'the user cannot be changed');
    return this.#change({ actor, id, command: 'users.update', options }, (user) => ({ ...user, ...change }));
  }

  /** Needs `users.write`. Commands of the user are refused from now on. @throws LmsError as {@link update} */
  deactivate(actor: Actor, id: string, options: UserWriteOptions = {}): Promise<User> {
    return this.#change({ actor, id, command: 'users.deactivate', options }, (user) => ({ ...user, active: false }));
  }

  /** Needs `users.write`. @throws LmsError as {@link update} */
  activate(actor: Actor, id: string, options: UserWriteOptions = {}): Promise<User> {
    return this.#change({ actor, id, command: 'users.activate', options }, (user) => ({ ...user, active: true }));
  }

  /**
   * Needs `users.read`; managers see the users of their teams, agents themselves.
   * @throws LmsError `USER_NOT_FOUND`, also for users the actor may not see
   */
  async get(actor: Actor, id: string): Promise<User> {
    const principal = await this.#ports.access.require(actor, 'users.read');
    const user = await this.#ports.users.get(null, id);
    if (user === null || !seesUser(principal, user)) throw notFound(id);
    return shownUser(principal, user);
  }

  /** Needs `users.read`; the same users that {@link get} gives. @throws LmsError `INPUT_INVALID` */
  async list(actor: Actor, query: UserListQuery = {}): Promise<UserPage> {
    const principal = await this.#ports.access.require(actor, 'users.read');
    const { limit = defaultLimit, ...filter } = checkInput(listShape, query, 'the users cannot be listed');
    const seen = await this.#firstSeen(principal, filter, limit + 1);
    const users = seen.slice(0, limit);
    return {
      users: users.map((user) => shownUser(principal, user)),
      next: seen.length > limit ? (users.at(-1)?.id ?? null) : null,
    };
  }

  async #firstSeen(
    principal: Principal,
    filter: Omit<UserListQuery, 'limit'>,
    wanted: number,
  ): Promise<readonly User[]> {
    const seen: User[] = [];
    let from = filter;
    for (;;) {
      const page = await this.#ports.users.list({ ...from, limit: mostUsers });
      seen.push(...page.filter((user) => seesUser(principal, user)));
      const last = page.at(-1);
      if (last === undefined || page.length < mostUsers || seen.length >= wanted) return seen.slice(0, wanted);
      from = { ...filter, after: last.id };
    }
  }

  /** Without an expected version a change that meets another is applied again, to the newest state. */
  async #change(request: ChangeRequest, apply: (user: User) => User): Promise<User> {
    await this.#ports.access.require(request.actor, 'users.write');
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#write(request.options, (unit) => this.#changeIn(unit, request, apply));
      } catch (error) {
        const again = hasCode(error, 'USER_VERSION_STALE') && request.options.expectedVersion === undefined;
        if (!again || attempt === changeAttempts) throw error;
      }
    }
  }

  async #changeIn(unit: Unit, request: ChangeRequest, apply: (user: User) => User): Promise<User> {
    const { actor, id, command, options } = request;
    const before = await this.#ports.users.get(unit, id);
    if (before === null) throw notFound(id);
    requireVersion(before, options.expectedVersion);
    const changed = apply(before);
    checkPartner(changed);
    if (sameUser(before, changed)) return before;
    refuseSelfLockout(actor, changed);
    if (isActiveAdmin(before) && !isActiveAdmin(changed)) await this.#refuseLastAdmin(unit, id);
    const after = { ...changed, version: before.version + 1, updatedAt: toInstant(this.#ports.clock.now()) };
    const outcome = await this.#ports.users.replace(unit, after, before.version);
    if (outcome === 'email-taken') {
      throw new LmsError('USER_EXISTS', { message: 'another user has this email', path: 'email' });
    }
    if (!outcome) throw stale(id);
    await this.#ports.events.record(unit, [userUpdated(before, after, { actor, command })]);
    return after;
  }

  /** The admins are locked: of two who take the role from each other at the same moment one is refused. */
  async #refuseLastAdmin(unit: Unit, id: string): Promise<void> {
    const admins = await this.#ports.users.activeAdmins(unit);
    if (admins.some((admin) => admin !== id)) return;
    throw new LmsError('USER_LAST_ADMIN', {
      message: `${id} is the last active admin of the store; make another user an admin first`,
    });
  }

  async #write<Result>(options: UnitOptions, work: (unit: Unit) => Promise<Result>): Promise<Result> {
    const signal = options.signal === undefined ? {} : { signal: options.signal };
    const result = await this.#ports.unitOfWork.run('ledger', work, signal);
    this.#ports.access.forgetUsers();
    return result;
  }

  #newUser(input: NewUser): User {
    const at = toInstant(this.#ports.clock.now());
    const user: User = {
      id: input.id,
      name: input.name,
      email: input.email ?? null,
      roles: input.roles,
      teams: input.teams ?? [],
      partner: input.partner ?? null,
      active: true,
      version: 1,
      createdAt: at,
      updatedAt: at,
    };
    checkPartner(user);
    return user;
  }
}

function requireVersion(user: User, expected: number | undefined): void {
  if (expected !== undefined && expected !== user.version) throw stale(user.id, user.version);
}

function refuseSelfLockout(actor: Actor, changed: User): void {
  if (actor.kind !== 'user' || actor.id !== changed.id) return;
  if (changed.active && changed.roles.includes('admin')) return;
  throw new LmsError('PERMISSION_DENIED', {
    message: 'you cannot deactivate yourself or take the role admin from yourself; ask another admin',
  });
}

function isActiveAdmin({ active, roles }: User): boolean {
  return active && roles.includes('admin');
}

function notFound(id: string): LmsError {
  return new LmsError('USER_NOT_FOUND', { message: `there is no user ${quoted(id)}` });
}

function stale(id: string, currentVersion?: number): LmsError {
  return new LmsError('USER_VERSION_STALE', {
    message: `the user ${id} changed since it was read; read it again`,
    ...(currentVersion === undefined ? {} : { details: { currentVersion } }),
  });
}
