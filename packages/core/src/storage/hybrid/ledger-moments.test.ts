import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePlace, type StorePlace } from '../../../test-support/shapes.js';
import type { AuditRow, Storage } from '../../index.js';
import { type MysqlMoment, mysqlMoment } from '../mysql/mysql-snapshot.js';
import type { SqlConnection } from '../sql/sql-connection.js';
import { connectHybrid, type HybridConnection } from './hybrid-connection.js';
import { hybridSettings } from './hybrid-options.js';
import { newerRows, risingGroups } from './ledger-differences.js';
import { lastToldOf, toldEvents } from './told-events.js';

let place: StorePlace;
let storage: Storage;
let connection: HybridConnection;
const moments: MysqlMoment[] = [];

beforeAll(async () => {
  place = await makePlace('hybrid');
  storage = place.handle();
  await storage.open();
  const { address } = place;
  if (address.shape !== 'hybrid') throw new Error('expected servers');
  const options = { mongo: { url: address.mongoUrl }, mysql: { url: address.mysqlUrl } };
  connection = await connectHybrid(options, hybridSettings(options));
});

afterAll(async () => {
  for (const moment of moments) await moment.end();
  await connection.close();
  await storage.close();
  await place.remove();
});

async function moment(): Promise<SqlConnection> {
  const made = await mysqlMoment(connection.mysql, 'mysql');
  moments.push(made);
  return made.connection;
}

/** An id of the same minutes as every other of these. */
function id(number: number): string {
  return `019b0000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

function row(number: number, lead: string, version: number): AuditRow {
  return {
    id: id(number),
    at: '2026-01-15T04:30:00.000Z',
    actor: 'user:root',
    via: null,
    command: 'leads.update',
    eventType: 'lead.updated',
    aggregate: { kind: 'lead', id: lead, version },
    correlationId: id(0),
    changes: {},
    sealed: null,
    payloadHash: 'x',
    position: null,
    prevHash: null,
    chainHash: null,
  };
}

async function tell(rows: readonly AuditRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += 1_000) {
    await storage.unitOfWork.run('ledger', (unit) => storage.audit.insert(unit, rows.slice(at, at + 1_000)));
  }
}

test('what came between two moments is found also where minutes hold more than is read at a time', async () => {
  // Every other row is there before, so that each page has old and new ones.
  const numbers = Array.from({ length: 10_400 }, (_, number) => number);
  const rows = numbers.map((number) => row(number, id(100_000 + (number % 7)), 1));
  await tell(rows.filter((_, number) => number % 2 === 0));
  const earlier = await moment();
  const earlierGroups = await risingGroups(earlier);
  await tell(rows.filter((_, number) => number % 2 === 1));
  const newer = await newerRows({ earlier, earlierGroups, later: await moment() }, 'audit');
  expect([...newer].sort()).toEqual(numbers.filter((number) => number % 2 === 1).map(id));
});

test('the last events of many leads are asked for together, each up to its own version', async () => {
  // Three events a lead: its ids need not rise with its versions, as clocks differ, and one command may tell two events.
  const leads = Array.from({ length: 450 }, (_, number) => ({
    lead: id(200_000 + number),
    first: 300_000 + 10 * number,
  }));
  await tell(
    leads.flatMap(({ lead, first }) => [
      row(first + 5, lead, 1),
      row(first, lead, 2),
      row(first + 1, lead, 2),
      row(first + 2, lead, 4),
    ]),
  );
  const later = await moment();
  let statements = 0;
  const counted: SqlConnection = {
    execute(statement) {
      statements += 1;
      return later.execute(statement);
    },
  };
  const wanted = leads.map(({ lead }, number) => ({ id: lead, version: number % 5 }));
  const found = await lastToldOf(counted, wanted);
  expect(statements).toBeLessThanOrEqual(6);
  const lastOf = (first: number): readonly (number | null)[] => [null, first + 5, first + 1, first + 1, first + 2];
  const expected = leads.flatMap(({ first }, number) => {
    const last = lastOf(first)[number % 5] ?? null;
    return last === null ? [] : [id(last)];
  });
  expect([...found].sort()).toEqual(expected.sort());
  expect(await toldEvents(later, found.slice(0, 1))).toMatchObject([{ event_type: 'lead.updated', changes: '{}' }]);
});
