import { createPool, type Pool, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import { emptyDatabases, type Servers } from '../data/servers.ts';
import { startReceiver } from '../kit/receiver.ts';
import { beSubject } from '../kit/subject.ts';

export interface WebhooksByHandSettings {
  readonly deliveries: number;
  /** Loops at once. */
  readonly concurrency: number;
  readonly servers: Servers;
}

export interface WebhooksByHandFound {
  readonly perSecond: number;
}

interface DeliveryRow extends RowDataPacket {
  readonly id: number;
  readonly payload: string;
}

/** What one writes first: rows that loops claim one at a time, post with `fetch`, and end. */
await beSubject<WebhooksByHandSettings, WebhooksByHandFound>(async ({ deliveries, concurrency, servers }) => {
  await emptyDatabases(servers);
  await using receiver = await startReceiver();
  const url = `http://127.0.0.1:${receiver.port}/`;
  const pool = createPool({ uri: servers.mysqlUrl, connectionLimit: concurrency, maxIdle: concurrency });
  try {
    await pool.query(
      `CREATE TABLE plain_deliveries (
        id BIGINT PRIMARY KEY AUTO_INCREMENT, status VARCHAR(16) NOT NULL, due_at DATETIME(3) NOT NULL, payload TEXT NOT NULL,
        KEY plain_deliveries_due (status, due_at, id)
      ) ENGINE = InnoDB`,
    );
    await sent(pool, url, 200, concurrency);
    const millis = await sent(pool, url, deliveries, concurrency);
    return { perSecond: (deliveries * 1000) / millis };
  } finally {
    await pool.end();
  }
});

async function sent(pool: Pool, url: string, count: number, concurrency: number): Promise<number> {
  const rows = Array.from({ length: count }, (_, serial) => ['waiting', new Date(), JSON.stringify({ serial })]);
  await pool.query('INSERT INTO plain_deliveries (status, due_at, payload) VALUES ?', [rows]);
  const begun = performance.now();
  const loop = async (): Promise<void> => {
    for (let row = await claimed(pool); row !== null; row = await claimed(pool)) {
      const response = await fetch(url, { method: 'POST', body: row.payload });
      await response.arrayBuffer();
      await pool.execute<ResultSetHeader>("UPDATE plain_deliveries SET status = 'delivered' WHERE id = ?", [row.id]);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  return performance.now() - begun;
}

async function claimed(pool: Pool): Promise<DeliveryRow | null> {
  const connection = await pool.getConnection();
  try {
    await connection.beginTransaction();
    const [[row]] = await connection.query<DeliveryRow[]>(
      "SELECT id, payload FROM plain_deliveries WHERE status = 'waiting' AND due_at <= NOW(3) ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED",
    );
    if (row !== undefined)
      await connection.execute("UPDATE plain_deliveries SET status = 'claimed' WHERE id = ?", [row.id]);
    await connection.commit();
    return row ?? null;
  } finally {
    connection.release();
  }
}
