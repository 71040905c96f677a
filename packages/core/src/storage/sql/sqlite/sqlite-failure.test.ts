import { DatabaseSync } from 'node:sqlite';
import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { sqliteFailure } from './sqlite-failure.js';

it.each([
  { what: 'a stored amount beyond what a number holds', sql: 'SELECT 9198405170000000042 AS amount' },
  { what: 'a value of another kind', sql: "INSERT INTO people (id) VALUES ('9198405170000000042 and more')" },
  { what: 'a key that is taken', sql: "INSERT INTO people (name) VALUES ('9198405170000000042')" },
  { what: 'a value that is none of those allowed', sql: "INSERT INTO people (kind) VALUES ('9198405170000000042')" },
])('shows no value of a row in an error or its cause: $what', ({ sql }) => {
  using database = new DatabaseSync(':memory:');
  database.exec(
    "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT UNIQUE, kind TEXT CHECK (kind IN ('one'))) STRICT; " +
      "INSERT INTO people (name) VALUES ('9198405170000000042')",
  );
  let thrown: unknown = null;
  try {
    database.prepare(sql).all();
  } catch (error) {
    thrown = sqliteFailure(error, 'lms.db');
  }
  expect(thrown).toBeInstanceOf(Error);
  expect(inspect(thrown, { depth: 12, showHidden: true })).not.toContain('91984051');
});
