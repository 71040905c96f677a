import { sql } from 'kysely';
import { jobPriorities } from '../../../foundation/jobs/queue/job-store.js';
import type { Instant } from '../../../foundation/kernel/index.js';
import type { Flavour } from '../flavour.js';
import { compilable, prepareList } from '../prepared.js';
import type { SqlConnection } from '../sql-connection.js';

/** Jobs of one kind and priority, of which at least one is due. */
export interface DueJobs {
  readonly kind: string;
  /** The place in the list of priorities: 0 is the highest. */
  readonly priority: number;
  /** Since when the first of them is due. */
  readonly since: Instant;
}

interface FirstRow {
  /** Of the kind, in the list that was asked about. */
  readonly place: number;
  readonly priority: number;
  readonly first: Instant | null;
}

/** SQLite takes 500 selects in one statement. */
const kindsAtOnce = 128;

/**
 * Which jobs of some kinds are due, in the order in which they are to be taken: by priority, then by the longest wait. One look into an
 * index for each kind and priority, however many wait, of these kinds or of others.
 */
export function dueJobs(
  flavour: Flavour,
): (connection: SqlConnection, kinds: readonly string[], now: Instant) => Promise<readonly DueJobs[]> {
  const firsts = prepareList<string, Record<never, never>, FirstRow>((kinds) => {
    const looks = kinds.flatMap((kind, place) =>
      jobPriorities.map(
        (_, priority) =>
          sql`select ${sql.lit(place)} as place, ${sql.lit(priority)} as priority, (select min(run_at) from jobs${flavour.byIndex('jobs_due')} where status = 'waiting' and kind = ${kind} and priority = ${sql.lit(priority)}) as first`,
      ),
    );
    return compilable(flavour, sql<FirstRow>`${sql.join(looks, sql` union all `)}`);
  });

  return async (connection, kinds, now) => {
    const due: DueJobs[] = [];
    for (let start = 0; start < kinds.length; start += kindsAtOnce) {
      const asked = kinds.slice(start, start + kindsAtOnce);
      for (const { place, priority, first } of await firsts.all(connection, asked, {})) {
        const kind = asked[place];
        // A list is filled up by its last kind.
        if (kind !== undefined && first !== null && first <= now) due.push({ kind, priority, since: first });
      }
    }
    return due.sort((one, other) => one.priority - other.priority || (one.since < other.since ? -1 : 1));
  };
}
