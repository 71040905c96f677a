import { createPool, type Pool, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import { emptyDatabases, type Servers } from '../data/servers.ts';
import { beSubject } from '../kit/subject.ts';

export interface JobsByHandSettings {
  readonly jobs: number;
  /** Callers that add at once. */
  readonly callers: number;
  /** Loops that claim at once, each a job at a time. */
  readonly workers: number;
  readonly servers: Servers;
}

export interface JobsByHandFound {
  readonly perSecond: number;
}

interface JobRow extends RowDataPacket {
  readonly id: number;
}

/** What one writes first: a table of jobs, each added, claimed and ended in a commit of its own. */
await beSubject<JobsByHandSettings, JobsByHandFound>(async ({ jobs, callers, workers, servers }) => {
  await emptyDatabases(servers);
  const pool = createPool({ uri: servers.mysqlUrl, connectionLimit: callers + workers, maxIdle: callers + workers });
  // Else who adds waits for who claims, and the other way round.
  pool.on('connection', (connection) => connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED'));
  try {
    await pool.query(
      `CREATE TABLE plain_jobs (
        id BIGINT PRIMARY KEY AUTO_INCREMENT, kind VARCHAR(64) NOT NULL, status VARCHAR(16) NOT NULL, run_at DATETIME(3) NOT NULL,
        attempts INT NOT NULL, payload JSON NOT NULL, finished_at DATETIME(3) NULL, KEY plain_jobs_due (status, run_at, id)
      ) ENGINE = InnoDB`,
    );
    await round(pool, { jobs: callers * 10, callers, workers });
    const millis = await round(pool, { jobs, callers, workers });
    return { perSecond: (jobs * 1000) / millis };
  } finally {
    await pool.end();
  }
});

async function round(
  pool: Pool,
  { jobs, callers, workers }: Pick<JobsByHandSettings, 'jobs' | 'callers' | 'workers'>,
): Promise<number> {
  const begun = performance.now();
  let added = 0;
  let ended = 0;
  const add = async (): Promise<void> => {
    while (added < jobs) {
      added += 1;
      await pool.execute(
        "INSERT INTO plain_jobs (kind, status, run_at, attempts, payload) VALUES ('bench.nothing', 'waiting', NOW(3), 0, ?)",
        [JSON.stringify({ serial: added })],
      );
    }
  };
  const work = async (): Promise<void> => {
    while (ended < jobs) {
      const id = await claimed(pool);
      if (id === null) continue;
      await pool.execute<ResultSetHeader>("UPDATE plain_jobs SET status = 'done', finished_at = NOW(3) WHERE id = ?", [
        id,
      ]);
      ended += 1;
    }
  };
  await Promise.all([...Array.from({ length: callers }, add), ...Array.from({ length: workers }, work)]);
  return performance.now() - begun;
}

async function claimed(pool: Pool): Promise<number | null> {
  const connection = await pool.getConnection();
  try {
    await connection.beginTransaction();
    const [rows] = await connection.execute<JobRow[]>(
      "SELECT id FROM plain_jobs WHERE status = 'waiting' AND run_at <= NOW(3) ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED",
    );
    const [job] = rows;
    if (job !== undefined) {
      await connection.execute("UPDATE plain_jobs SET status = 'running', attempts = attempts + 1 WHERE id = ?", [
        job.id,
      ]);
    }
    await connection.commit();
    return job?.id ?? null;
  } finally {
    connection.release();
  }
}
