import { type Actor, createLms, type Lms, type LmsOptions, type RoleName, type Storage } from '../src/index.js';
import { TestClock, testKey } from '../src/testing/index.js';
import { loanLine } from './loan-line.js';

export const root: Actor = { kind: 'user', id: 'root' };

/** An open store with an admin and the loan line. Several handles of one store are several processes. */
export interface TestStore {
  readonly lms: Lms;
  readonly clock: TestClock;
  readonly admin: ReturnType<Lms['as']>;
  /** A user with these roles, and the services as that user. */
  user(id: string, roles: readonly RoleName[], teams?: readonly string[]): Promise<ReturnType<Lms['as']>>;
}

/** Imports of tests store few rows at a time, so that short files have several batches. */
const imports: NonNullable<LmsOptions['imports']> = { batchSize: 100 };

export async function newStore(
  storage: Storage,
  now = '2026-01-15T04:30:00.000Z',
  options: Partial<LmsOptions> = {},
): Promise<TestStore> {
  const store = await openStore(storage, now, options);
  await store.lms.bootstrapAdmin({ id: 'root', name: 'Root' });
  await store.admin.schemas.publish(loanLine);
  return store;
}

/** Another handle on a store that {@link newStore} made. */
export async function openStore(
  storage: Storage,
  now = '2026-01-15T04:30:00.000Z',
  options: Partial<LmsOptions> = {},
): Promise<TestStore> {
  const clock = new TestClock(now);
  const lms = await createLms({ storage, key: testKey, clock, imports, ...options });
  const admin = lms.as(root);
  return {
    lms,
    clock,
    admin,
    async user(id, roles, teams = []) {
      await admin.users.create({ id, name: id, roles: [...roles], teams: [...teams] });
      return lms.as({ kind: 'user', id });
    },
  };
}

let made = 0;

/** Fields of a new loan lead that no other call gives. */
export function loanFields(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  made += 1;
  return {
    fullName: `Asha Rao ${made}`,
    mobile: String(9_000_000_000 + made),
    loanAmount: '2.5 lakh',
    city: 'Pune',
    ...fields,
  };
}

/** A new loan lead that no other call gives. */
export function loanLead(fields: Readonly<Record<string, unknown>> = {}): {
  productLine: string;
  fields: Record<string, unknown>;
} {
  return { productLine: 'personal-loan', fields: loanFields(fields) };
}
