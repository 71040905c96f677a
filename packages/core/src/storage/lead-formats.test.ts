import { MongoClient } from 'mongodb';
import { createPool } from 'mysql2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allShapes, makePlace, openAddress, type StoreAddress, type StorePlace } from '../../test-support/shapes.js';
import { loanLead, newStore } from '../../test-support/store.js';
import type { LeadContent, LeadStore, StoredLead } from '../crm/leads/lead-store.js';
import type { Formats, OlderRecord } from '../foundation/persistence/index.js';
import { hybrid } from './hybrid.js';
import { MongoAccess, MongoDatabase } from './mongo/mongo-database.js';
import { MongoLeadStore } from './mongo/mongo-leads.js';
import { MysqlPool } from './mysql/mysql-pool.js';
import { leadStore } from './sql/documents/leads.js';
import { mysqlFlavour, sqliteFlavour } from './sql/flavour.js';
import type { SqlConnection } from './sql/sql-connection.js';
import { SqliteConnection } from './sql/sqlite/sqlite-connection.js';
import type { Storage } from './storage.js';

/** A release before the first one, in which the stage of a lead was its `step`. */
const formats: Formats<LeadContent> = {
  kind: 'lead',
  written: 1,
  fromBefore: ({ step, format: _format, ...rest }: OlderRecord) => withStage(rest, String(step)),
};

/** Parts of the document that did not change come as they were written. */
function withStage(rest: object, stage: string): LeadContent {
  return { ...(rest as Omit<LeadContent, 'stage' | 'format'>), stage, format: 1 };
}

interface Desk {
  readonly storage: Storage;
  readonly leads: LeadStore;
  /** Makes of the stored lead one of another format, past the code. */
  setBack(id: string, format: number): Promise<void>;
  /** The format and the stage as they lie there. */
  atRest(id: string): Promise<{ readonly format: unknown; readonly stage: unknown }>;
  close(): Promise<void>;
}

function sqlDesk(storage: Storage, connection: SqlConnection, close: () => Promise<void>): Desk {
  const flavour = storage.shape === 'sqlite' ? sqliteFlavour : mysqlFlavour;
  const { unitOfWork } = storage;
  const document = async (id: string): Promise<Record<string, unknown>> => {
    const sql = 'SELECT document, format FROM leads WHERE id = ?';
    const { rows } = await connection.execute<{ document: string; format: number }>({ sql, parameters: [id] });
    return { ...JSON.parse(rows[0]?.document ?? '{}'), column: rows[0]?.format };
  };
  return {
    storage,
    leads: leadStore({ flavour, reader: connection, scanner: connection, unitOfWork }, formats),
    async setBack(id, format) {
      const { stage, column: _column, ...rest } = await document(id);
      await connection.execute({
        sql: 'UPDATE leads SET document = ?, format = ? WHERE id = ?',
        parameters: [JSON.stringify({ ...rest, step: stage, format }), format, id],
      });
    },
    async atRest(id) {
      const { format, stage, column } = await document(id);
      expect(column).toBe(format);
      return { format, stage };
    },
    close,
  };
}

async function deskOf(address: StoreAddress): Promise<Desk> {
  if (address.shape === 'sqlite') {
    const connection = new SqliteConnection(address.file, { readOnly: false, busyTimeoutMillis: 1_000 });
    return sqlDesk(openAddress(address), connection, async () => connection.close());
  }
  if (address.shape === 'mysql') {
    const limits = { server: 'the test server', acquireMillis: 5_000, statementMillis: 5_000, lockWaitSeconds: 5 };
    const pool = new MysqlPool(createPool({ uri: address.mysqlUrl, flags: ['FOUND_ROWS'] }), limits);
    return sqlDesk(openAddress(address), pool.reader, () => pool.end());
  }
  const client = await new MongoClient(address.mongoUrl).connect();
  const database = new MongoDatabase(client, undefined, 'the test server');
  const collection = client.db().collection<{ _id: string }>('leads');
  return {
    storage: hybrid({ mongo: { client }, mysql: { url: address.mysqlUrl } }),
    leads: new MongoLeadStore(
      new MongoAccess(
        () => database,
        (work) => work(),
      ),
      formats,
    ),
    async setBack(id, format) {
      // A migration of the rules would let both formats in.
      await client.db().command({ collMod: 'leads', validator: {} });
      await collection.updateOne({ _id: id }, { $rename: { stage: 'step' }, $set: { format } });
    },
    async atRest(id) {
      const found = await collection.findOne<{ format: number; stage?: string }>({ _id: id });
      return { format: found?.format, stage: found?.stage };
    },
    close: () => client.close(),
  };
}

describe.each(allShapes)('leads of another format on %s', (shape) => {
  let place: StorePlace;
  let desk: Desk;
  let lead: StoredLead;

  beforeAll(async () => {
    place = await makePlace(shape);
    desk = await deskOf(place.address);
    const { admin } = await newStore(desk.storage);
    const { id } = await admin.leads.create(loanLead());
    const [stored] = await desk.storage.leads.get(null, [id]);
    if (stored === undefined) throw new Error('the lead is not there');
    lead = stored;
  });

  afterAll(async () => {
    await desk.storage.close();
    await desk.close();
    await place.remove();
  });

  it('of the release before are read as this release writes them, by every way of reading', async () => {
    await desk.setBack(lead.id, 0);
    expect(await desk.leads.get(null, [lead.id])).toEqual([lead]);
    expect(await desk.leads.scan(null, 10)).toEqual([lead]);
    const inUnit = await desk.storage.unitOfWork.run('documents', (unit) => desk.leads.getForChange(unit, lead.id));
    expect(inUnit).toEqual(lead);
    expect(await desk.atRest(lead.id)).toEqual({ format: 0, stage: undefined });
  });

  it('are kept in the format of this release when they are written next', async () => {
    const changed = { ...lead, version: lead.version + 1 };
    expect(
      await desk.storage.unitOfWork.run('documents', (unit) => desk.leads.replace(unit, changed, lead.version)),
    ).toBe(true);
    expect(await desk.atRest(lead.id)).toEqual({ format: 1, stage: lead.stage });
    expect(await desk.leads.get(null, [lead.id])).toMatchObject([changed]);
  });

  it('of a newer release, or of one too old, are refused and not misread', async () => {
    await desk.setBack(lead.id, 2);
    await expect(desk.leads.get(null, [lead.id])).rejects.toMatchObject({ code: 'STORE_TOO_NEW' });
    await desk.setBack(lead.id, -1);
    await expect(desk.leads.get(null, [lead.id])).rejects.toMatchObject({ code: 'STORE_OUTDATED' });
  });
});
