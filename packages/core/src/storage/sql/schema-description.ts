/**
 * What a column holds; each flavour has its own type for it. Lengths count characters and matter to MySQL, where key
 * columns must be bounded; all text compares byte by byte.
 */
export type ColumnKind =
  | 'id' // a UUID
  | 'hash' // a digest or keyed hash in ASCII text
  | 'instant'
  | 'slug' // a short name used in keys
  | 'name' // a longer name used in keys
  | 'text'
  | 'json'
  | 'integer' // a whole number up to 2^53-1
  | 'serial' // a whole number that the engine gives out, growing; the primary key by itself
  | 'flag' // 0 or 1
  | 'number'; // a double

export interface ColumnDescription {
  readonly kind: ColumnKind;
  readonly nullable?: true;
  readonly default?: number;
  /** The only values allowed. */
  readonly oneOf?: readonly string[];
  /** The least value allowed. */
  readonly min?: number;
}

export interface IndexDescription {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique?: true;
  /** Where the engine has partial indexes, leave out rows in which this column is null. */
  readonly notNull?: string;
  /**
   * Only rows in which this column is null, found by the other columns. An engine without partial indexes goes without: there an index
   * of the column itself, which ends in the primary key, finds them.
   */
  readonly isNull?: string;
}

export interface TableDescription {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnDescription>>;
  readonly primaryKey: readonly string[];
  readonly indexes?: readonly IndexDescription[];
  readonly foreignKey?: { readonly column: string; readonly table: string; readonly references: string };
  /** Small rows kept in the primary key's own tree (SQLite WITHOUT ROWID; what InnoDB always does). */
  readonly clustered?: true;
}
