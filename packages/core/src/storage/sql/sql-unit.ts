import { LmsError } from '../../foundation/kernel/index.js';
import type { Home, Unit, UnitOfWork } from '../../foundation/persistence/index.js';
import type { Flavour } from './flavour.js';
import type { SqlConnection } from './sql-connection.js';

/** An open transaction of a SQL database. */
export class SqlUnit implements Unit {
  readonly home: Home;
  readonly bothHomes: boolean;
  readonly connection: SqlConnection;

  constructor(home: Home, bothHomes: boolean, connection: SqlConnection) {
    this.home = home;
    this.bothHomes = bothHomes;
    this.connection = connection;
  }
}

/** What the shared stores are made of. */
export interface SqlContext {
  readonly flavour: Flavour;
  /** Reads the last committed state, outside any transaction. */
  readonly reader: SqlConnection;
  /**
   * The same, for reads that may look at many rows: an engine that runs on the calling thread runs these on another. Each
   * statement sees what was committed when it began.
   */
  readonly scanner: SqlConnection;
  readonly unitOfWork: UnitOfWork;
}

/** The connection of an open unit. @throws LmsError `INTERNAL` for a unit of another engine or the other home */
export function connectionOf(unit: Unit, home: Home): SqlConnection {
  if (unit instanceof SqlUnit && (unit.bothHomes || unit.home === home)) return unit.connection;
  throw new LmsError('INTERNAL', { message: `A unit of the ${unit.home} home was given to a ${home} store` });
}

export function readerFor(context: SqlContext, unit: Unit | null, home: Home): SqlConnection {
  return unit === null ? context.reader : connectionOf(unit, home);
}
