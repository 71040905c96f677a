import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { schemaState } from './open-schema.js';
import { SqliteConnection } from './sqlite-connection.js';

const options = { readOnly: false, busyTimeoutMillis: 100 };

/** A connection after whose first look another process makes the tables. */
class OvertakenConnection extends SqliteConnection {
  readonly #overtake: () => void;
  #looks = 0;

  constructor(file: string, overtake: () => void) {
    super(file, options);
    this.#overtake = overtake;
  }

  override first<Row>(sql: string): Row | null {
    const row = super.first<Row>(sql);
    this.#looks += 1;
    if (this.#looks === 1) this.#overtake();
    return row;
  }
}

it('takes a store that another process makes just now for empty or ours, never for a foreign database', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lms-schema-'));
  const file = join(folder, 'lms.db');
  const maker = new SqliteConnection(file, options);
  const overtaken = new OvertakenConnection(file, () =>
    maker.exec(
      "BEGIN; CREATE TABLE store_schema (name, version); INSERT INTO store_schema VALUES ('lms', 1); CREATE TABLE leads (id); COMMIT",
    ),
  );
  expect(schemaState(overtaken)).toEqual({ kind: 'empty' });
  expect(schemaState(overtaken)).toEqual({ kind: 'ours', layout: { version: 1, readableBy: 1 } });
  overtaken.close();
  maker.close();
  await rm(folder, { recursive: true, force: true });
});
