import { LmsError } from '../../foundation/kernel/index.js';
import type { Layout, MigrationProgress } from '../migrations-port.js';
import type { Migration } from './migration.js';

/** One database with the means to change it. */
export interface MigrationTarget<Operation> {
  /** The database for people. */
  readonly place: string;
  /** What it says of its layout; null while nothing was made in it. */
  layout(): Promise<Layout | null>;
  /** What of a step concerns this database. */
  operationsOf(migration: Migration): readonly Operation[];
  describe(operation: Operation): string;
  /** The table or collection that an operation reads whole; null when it reads none. */
  readBy(operation: Operation): string | null;
  /** About how many rows or documents each table or collection has. */
  rowEstimates(): Promise<ReadonlyMap<string, number>>;
  /**
   * Runs a step while no other process runs one. Where the engine can undo changes of the schema, all of it or nothing happens.
   * @param waitMillis how long another process is waited for
   * @throws LmsError `STORE_LOCKED` when another process does not end its step in time
   */
  exclusively<Result>(step: () => Promise<Result>, waitMillis: number): Promise<Result>;
  /** Does what is not done yet. @param between called after each batch of rows with how many that were; it may throw to stop */
  apply(operation: Operation, between: (rows: number) => Promise<void>): Promise<void>;
  /** Raises what the database says of its layout; never lowers it. */
  record(layout: Layout): Promise<void>;
}

export interface RunOptions {
  readonly migrations: readonly Migration[];
  /** How long another runner's step is waited for; 60,000 when absent. */
  readonly waitMillis?: number | undefined;
  /** Stops between two operations or batches. What was done stays, and the next run goes on from there. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: MigrationProgress) => void) | undefined;
}

/**
 * Takes every step that a database lacks, each recorded when it is whole. Of runners at once one takes a step and the others find it
 * taken.
 * @returns the steps that this call took; none for a database that is new and empty, or up to date
 * @throws LmsError `STORE_LOCKED`, `COMMAND_ABORTED`, and what the engine refuses
 */
export async function runMigrations<Operation>(
  target: MigrationTarget<Operation>,
  options: RunOptions,
): Promise<readonly Migration[]> {
  const taken: Migration[] = [];
  while (nextStep(await target.layout(), options.migrations) !== null) {
    refuseWhenStopped(target.place, options.signal);
    const step = await target.exclusively(() => takeNextStep(target, options), options.waitMillis ?? usualWaitMillis);
    if (step !== null) taken.push(step);
  }
  return taken;
}

/** How long another runner is waited for when nobody says. */
export const usualWaitMillis = 60_000;

/** The step that follows a layout; null when there is none, or nothing to migrate. */
function nextStep(layout: Layout | null, migrations: readonly Migration[]): Migration | null {
  return pendingAfter(layout, migrations)[0] ?? null;
}

/** The steps that a database lacks. */
export function pendingAfter(layout: Layout | null, migrations: readonly Migration[]): readonly Migration[] {
  return layout === null ? [] : migrations.filter(({ version }) => version > layout.version);
}

async function takeNextStep<Operation>(
  target: MigrationTarget<Operation>,
  { migrations, signal, onProgress }: RunOptions,
): Promise<Migration | null> {
  const layout = await target.layout();
  const step = nextStep(layout, migrations);
  if (layout === null || step === null) return null;
  // First, so that no release that the step shuts out opens the store while it is changed.
  await target.record({ version: layout.version, readableBy: step.readableBy });
  for (const operation of target.operationsOf(step)) {
    let rows = 0;
    const between = async (more: number): Promise<void> => {
      rows += more;
      onProgress?.({
        place: target.place,
        version: step.version,
        name: step.name,
        operation: target.describe(operation),
        rows,
      });
      refuseWhenStopped(target.place, signal);
    };
    await between(0);
    await target.apply(operation, between);
  }
  await target.record({ version: step.version, readableBy: step.readableBy });
  return step;
}

function refuseWhenStopped(place: string, signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new LmsError('COMMAND_ABORTED', {
    message: `stopped while ${place} was migrated; what was done stays, run it again to go on`,
  });
}
