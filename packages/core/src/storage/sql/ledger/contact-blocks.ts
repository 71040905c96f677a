import { hash } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import type { ActorRef, Instant } from '../../../foundation/kernel/index.js';
import type { ContactBlockStore, StoredContactBlock } from '../../../foundation/privacy/consent/consent-store.js';
import { inserter } from '../inserter.js';
import { type Prepared, prepare } from '../prepared.js';
import { connectionOf, readerFor, type SqlContext } from '../sql-unit.js';
import type { ContactBlocksTable } from '../tables-consents.js';
import { personColumnsOf, personHashStore, personOf, rowsOfPerson } from './rows-of-person.js';

type BlockRow = Omit<Selectable<ContactBlocksTable>, 'format' | 'standing_key'>;

const columns = [
  'id',
  'subject_kind',
  'subject_id',
  'phone_hash',
  'email_hash',
  'channel',
  'blocked_at',
  'blocked_by',
  'source',
  'sealed_reason',
  'lifted_at',
  'lifted_by',
  'version',
] as const satisfies readonly (keyof BlockRow)[];

/** Of one of the three that a person is known by. */
interface KnownParameters {
  readonly known: string;
  readonly kind: string;
  readonly limit: number;
}

export function contactBlockStore(context: SqlContext): ContactBlockStore {
  const { query } = context.flavour;
  const blocks = inserter(context.flavour, 'contact_blocks', [...columns, 'standing_key']);
  const lift = prepare<{ id: string; at: Instant; by: ActorRef }, unknown>((parameter) =>
    query
      .updateTable('contact_blocks')
      .set({ lifted_at: parameter('at'), lifted_by: parameter('by'), standing_key: null, version: 2 })
      .where('id', '=', parameter('id'))
      .where('lifted_at', 'is', null),
  );
  const newestOf = (column: 'subject_id' | 'phone_hash' | 'email_hash'): Prepared<KnownParameters, BlockRow> =>
    prepare<KnownParameters, BlockRow>((parameter) =>
      query
        .selectFrom('contact_blocks')
        .select(columns)
        .where(column, '=', parameter('known'))
        .$if(column === 'subject_id', (select) => select.where('subject_kind', '=', parameter('kind')))
        // Those that stand first: of a phone that many share no block may be missed.
        .orderBy(sql`lifted_at is not null`)
        .orderBy('id', 'desc')
        .limit(parameter('limit')),
    );
  const newest = { subject: newestOf('subject_id'), phone: newestOf('phone_hash'), email: newestOf('email_hash') };

  return {
    ...personHashStore(context, 'contact_blocks'),
    insert: (unit, block) => blocks.insertOne(connectionOf(unit, 'ledger'), rowOf(block)),
    async insertMissing(unit, made) {
      await blocks.insertKeepingExisting(connectionOf(unit, 'ledger'), made.map(rowOf));
    },
    async lift(unit, id, lifted) {
      return (await lift.run(connectionOf(unit, 'ledger'), { id, ...lifted })) === 1;
    },
    async ofPerson(unit, person, limit) {
      const reader = readerFor(context, unit, 'ledger');
      const rows = await rowsOfPerson(person, (by, known) =>
        newest[by].all(reader, { known, kind: person.subject.kind, limit }),
      );
      return rows.map(blockOf);
    },
  };
}

function rowOf(block: StoredContactBlock): BlockRow & Pick<Selectable<ContactBlocksTable>, 'standing_key'> {
  const { subject } = block.person;
  const standing = hash('sha256', JSON.stringify([subject.kind, subject.id, block.channel]), 'base64url');
  return {
    id: block.id,
    ...personColumnsOf(block.person),
    channel: block.channel,
    blocked_at: block.blockedAt,
    blocked_by: block.blockedBy,
    source: block.source,
    sealed_reason: block.sealedReason,
    lifted_at: block.liftedAt,
    lifted_by: block.liftedBy,
    version: block.version,
    standing_key: block.liftedAt === null ? standing : null,
  };
}

function blockOf(row: BlockRow): StoredContactBlock {
  return {
    id: row.id,
    person: personOf(row),
    channel: row.channel,
    blockedAt: row.blocked_at,
    blockedBy: row.blocked_by,
    source: row.source,
    sealedReason: row.sealed_reason,
    liftedAt: row.lifted_at,
    liftedBy: row.lifted_by,
    version: row.version,
  };
}
