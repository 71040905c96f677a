import type { ConstraintKind, Violation } from '../raw-store.js';
import type { FlavourName } from '../sql/flavour.js';
import type { ColumnDescription, ColumnKind, TableDescription } from '../sql/schema-description.js';
import type { SqlStatement, SqlValue } from '../sql/sql-connection.js';

type Row = Readonly<Record<string, SqlValue>>;

/** Runs the statements in a transaction that is rolled back; gives which of them the engine refused, by position. */
export type TryStatements = (statements: readonly SqlStatement[]) => Promise<ReadonlySet<number>>;

/** A row with one fault, between rows that must be taken. */
interface Fault {
  readonly kind: ConstraintKind;
  readonly name: string;
  readonly before: readonly PlacedRow[];
  readonly faulty: PlacedRow;
  /** The same row without the fault, and what it needs. */
  readonly after: readonly PlacedRow[];
}

interface PlacedRow {
  readonly table: string;
  readonly row: Row;
}

/** What a schema forbids, each as a row that the engine must refuse where it takes the same row without the fault. */
export function sqlViolations(
  flavour: FlavourName,
  tables: readonly TableDescription[],
  attempt: TryStatements,
): readonly Violation[] {
  const faults = tables.flatMap((table) => {
    const parents = parentsOf(table, tables);
    const sound = soundRow(table, parents, 'a');
    return [
      ...columnFaults(table, parents, sound),
      ...duplicateFaults(table, parents, sound),
      ...orphanFaults(table, parents, sound),
    ];
  });
  return faults.map(({ kind, name, before, faulty, after }) => ({
    kind,
    name,
    async isRefused() {
      const refused = await attempt([...before, faulty, ...after].map((row) => insertion(flavour, row)));
      const hasFault = refused.has(before.length);
      if (refused.size > (hasFault ? 1 : 0)) throw new Error(`${name}: the row without the fault is refused too`);
      return hasFault;
    },
  }));
}

function columnFaults(table: TableDescription, parents: readonly PlacedRow[], sound: Row): readonly Fault[] {
  const after = [{ table: table.name, row: sound }];
  const fault = (kind: ConstraintKind, column: string, value: SqlValue): Fault => ({
    kind,
    name: `${table.name}.${column} = ${JSON.stringify(value)}`,
    before: parents,
    faulty: { table: table.name, row: { ...sound, [column]: value } },
    after,
  });
  return Object.entries(table.columns).flatMap(([column, { nullable, oneOf, kind, min }]) => [
    // The engine gives out a serial that is null.
    ...(nullable || kind === 'serial' ? [] : [fault('null', column, null)]),
    ...(oneOf ? [fault('value', column, 'neither')] : []),
    ...(kind === 'flag' ? [fault('value', column, 2)] : []),
    ...(min === undefined ? [] : [fault('range', column, min - 1)]),
  ]);
}

function duplicateFaults(table: TableDescription, parents: readonly PlacedRow[], sound: Row): readonly Fault[] {
  const indexes = (table.indexes ?? []).filter(({ unique }) => unique);
  const keys = [table.primaryKey, ...indexes.map(({ columns }) => columns)];
  const filled = { ...sound, ...pick(keys.flat(), (column) => sound[column] ?? valueFor(table, column, 'a')) };
  const second = soundRow(table, parents, 'b');
  return keys.map((columns) => ({
    kind: 'duplicate',
    name: `${table.name} (${columns.join(', ')}) twice`,
    before: [...parents, { table: table.name, row: filled }],
    faulty: { table: table.name, row: { ...second, ...pick(columns, (column) => filled[column] ?? null) } },
    after: [{ table: table.name, row: second }],
  }));
}

function pick(columns: readonly string[], value: (column: string) => SqlValue): Row {
  return Object.fromEntries(columns.map((column) => [column, value(column)]));
}

function orphanFaults(table: TableDescription, parents: readonly PlacedRow[], sound: Row): readonly Fault[] {
  if (!table.foreignKey) return [];
  const { column, table: parent } = table.foreignKey;
  return [
    {
      kind: 'orphan',
      name: `${table.name}.${column} without ${parent}`,
      before: [],
      faulty: { table: table.name, row: { ...sound, [column]: 'raw-nobody' } },
      after: [...parents, { table: table.name, row: sound }],
    },
  ];
}

function parentsOf(table: TableDescription, tables: readonly TableDescription[]): readonly PlacedRow[] {
  const parent = tables.find(({ name }) => name === table.foreignKey?.table);
  return parent ? [{ table: parent.name, row: soundRow(parent, [], 'a') }] : [];
}

/** A row that breaks nothing; two letters give rows without a key in common. */
function soundRow(table: TableDescription, [parent]: readonly PlacedRow[], letter: string): Row {
  const row: Record<string, SqlValue> = {};
  for (const [column, description] of Object.entries(table.columns)) {
    row[column] = description.nullable ? null : valueFor(table, column, letter);
  }
  if (table.foreignKey && parent) row[table.foreignKey.column] = parent.row[table.foreignKey.references] ?? null;
  return row;
}

const values: Readonly<Record<ColumnKind, (letter: string) => SqlValue>> = {
  id: (letter) => `raw-${letter}`,
  hash: (letter) => `raw-${letter}`,
  slug: (letter) => `raw-${letter}`,
  name: (letter) => `raw-${letter}`,
  text: () => 'raw',
  json: () => '{}',
  instant: () => '2026-01-15T04:30:00.123Z',
  integer: (letter) => 1_000_000 + letter.charCodeAt(0),
  serial: (letter) => 1_000_000 + letter.charCodeAt(0),
  flag: () => 1,
  number: (letter) => letter.charCodeAt(0) + 0.5,
};

function valueFor(table: TableDescription, column: string, letter: string): SqlValue {
  const description: ColumnDescription | undefined = table.columns[column];
  if (description === undefined) throw new Error(`${table.name} has no column ${column}`);
  return description.oneOf?.[0] ?? values[description.kind](letter);
}

function insertion(flavour: FlavourName, { table, row }: PlacedRow): SqlStatement {
  const quoted = (name: string): string => (flavour === 'mysql' ? `\`${name}\`` : `"${name}"`);
  const columns = Object.keys(row);
  const marks = columns.map(() => '?').join(', ');
  return {
    sql: `INSERT INTO ${quoted(table)} (${columns.map(quoted).join(', ')}) VALUES (${marks})`,
    parameters: Object.values(row),
  };
}
