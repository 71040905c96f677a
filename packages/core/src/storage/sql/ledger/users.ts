import type { Insertable, Selectable } from 'kysely';
import type { RoleName, User, UserQuery, UserStore } from '../../../foundation/access/user-store.js';
import { inserter } from '../inserter.js';
import { readJson, writeJson } from '../json-text.js';
import { prepare, runQuery } from '../prepared.js';
import { DuplicateKey, type SqlConnection } from '../sql-connection.js';
import { connectionOf, readerFor, type SqlContext } from '../sql-unit.js';
import type { UsersTable } from '../tables.js';

type UserRow = Omit<Selectable<UsersTable>, 'format'>;

const columns = [
  'id',
  'name',
  'email',
  'roles',
  'teams',
  'partner',
  'active',
  'version',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof UserRow)[];

const mostIds = 10_000;
const mostAdmins = 1_000;

export function userStore(context: SqlContext): UserStore {
  const { query, locksRows } = context.flavour;
  const users = inserter(context.flavour, 'users', columns);
  const userTeams = inserter(context.flavour, 'user_teams', ['user_id', 'team']);
  const userRoles = inserter(context.flavour, 'user_roles', ['user_id', 'role']);

  const byId = prepare<{ id: string }, UserRow>((parameter) =>
    query.selectFrom('users').select(columns).where('id', '=', parameter('id')),
  );
  const byEmail = prepare<{ email: string }, UserRow>((parameter) =>
    query.selectFrom('users').select(columns).where('email', '=', parameter('email')),
  );
  const admins = prepare<{ role: RoleName; limit: number }, { id: string }>((parameter) =>
    query
      .selectFrom('user_roles')
      .innerJoin('users', 'users.id', 'user_roles.user_id')
      .select('users.id')
      .where('user_roles.role', '=', parameter('role'))
      .where('users.active', '=', 1)
      .orderBy('users.id')
      .limit(parameter('limit'))
      .$if(locksRows, (select) => select.forUpdate()),
  );
  const removeTeams = prepare<{ id: string }, unknown>((parameter) =>
    query.deleteFrom('user_teams').where('user_id', '=', parameter('id')),
  );
  const removeRoles = prepare<{ id: string }, unknown>((parameter) =>
    query.deleteFrom('user_roles').where('user_id', '=', parameter('id')),
  );

  async function insertMemberships(connection: SqlConnection, user: User): Promise<void> {
    await userTeams.insert(
      connection,
      [...new Set(user.teams)].map((team) => ({ user_id: user.id, team })),
    );
    await userRoles.insert(
      connection,
      [...new Set(user.roles)].map((role) => ({ user_id: user.id, role })),
    );
  }

  return {
    async insert(unit, user) {
      const connection = connectionOf(unit, 'ledger');
      if (!(await users.insertOne(connection, rowOf(user)))) return false;
      await insertMemberships(connection, user);
      return true;
    },

    async replace(unit, user, expectedVersion) {
      const connection = connectionOf(unit, 'ledger');
      const update = query
        .updateTable('users')
        .set(rowOf(user))
        .where('id', '=', user.id)
        .where('version', '=', expectedVersion);
      try {
        if ((await runQuery(connection, update)).affected === 0) return false;
      } catch (error) {
        if (error instanceof DuplicateKey) return 'email-taken';
        throw error;
      }
      await removeTeams.run(connection, { id: user.id });
      await removeRoles.run(connection, { id: user.id });
      await insertMemberships(connection, user);
      return true;
    },

    async get(unit, id) {
      const row = await byId.first(readerFor(context, unit, 'ledger'), { id });
      return row && userOf(row);
    },

    async findByEmail(unit, email) {
      const row = await byEmail.first(readerFor(context, unit, 'ledger'), { email });
      return row && userOf(row);
    },

    async list(wanted) {
      const { rows } = await runQuery(context.reader, listQuery(context, wanted));
      return rows.map(userOf);
    },

    async idsInTeams(teams) {
      if (teams.length === 0) return [];
      const { rows } = await runQuery(
        context.reader,
        query
          .selectFrom('user_teams')
          .select('user_id')
          .distinct()
          .where('team', 'in', teams)
          .orderBy('user_id')
          .limit(mostIds),
      );
      return rows.map((row) => row.user_id);
    },

    async activeAdmins(unit) {
      const rows = await admins.all(connectionOf(unit, 'ledger'), { role: 'admin', limit: mostAdmins });
      return rows.map((row) => row.id);
    },

    async count() {
      const { rows } = await runQuery(
        context.reader,
        query.selectFrom('users').select((each) => each.fn.countAll<number>().as('users')),
      );
      return rows[0]?.users ?? 0;
    },
  };
}

function listQuery({ flavour }: SqlContext, wanted: UserQuery) {
  let list = flavour.query.selectFrom('users').select(columns);
  const { active, team, role, after } = wanted;
  if (active !== undefined) list = list.where('active', '=', active ? 1 : 0);
  if (after !== undefined) list = list.where('id', '>', after);
  if (team !== undefined) {
    list = list.where('id', 'in', (each) => each.selectFrom('user_teams').select('user_id').where('team', '=', team));
  }
  if (role !== undefined) {
    list = list.where('id', 'in', (each) => each.selectFrom('user_roles').select('user_id').where('role', '=', role));
  }
  return list.orderBy('id').limit(wanted.limit);
}

function rowOf(user: User): Pick<Insertable<UsersTable>, keyof UserRow> {
  return {
    id: user.id,
    name: user.name,
    email: user.email,
    roles: writeJson(user.roles),
    teams: writeJson(user.teams),
    partner: user.partner,
    active: user.active ? 1 : 0,
    version: user.version,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
  };
}

function userOf(row: UserRow): User {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    roles: readJson<readonly RoleName[]>(row.roles),
    teams: readJson<readonly string[]>(row.teams),
    partner: row.partner,
    active: row.active === 1,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
