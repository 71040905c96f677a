import { type Selectable, sql } from 'kysely';
import {
  type LeadContent,
  type LeadStore,
  type LeadText,
  leadFormats,
  type StoredActivity,
  type StoredLead,
} from '../../../crm/leads/lead-store.js';
import type { Json, LeadId } from '../../../foundation/kernel/index.js';
import { type Formats, inThisFormat, type OlderRecord } from '../../../foundation/persistence/index.js';
import { inserter } from '../inserter.js';
import { readJson, writeJson } from '../json-text.js';
import { type ParameterOf, prepare, prepareList } from '../prepared.js';
import { connectionOf, readerFor, type SqlContext } from '../sql-unit.js';
import type { LeadActivitiesTable, LeadsTable } from '../tables.js';

type LeadRow = Selectable<LeadsTable>;
type ReadLead = Pick<LeadRow, 'document' | 'owner_id' | 'partner' | 'placement_version'>;
type ActivityRow = Omit<Selectable<LeadActivitiesTable>, 'format'>;

const leadColumns = [
  'id',
  'version',
  'number',
  'product_line',
  'document',
  'owner_id',
  'partner',
  'placement_version',
  'format',
] as const satisfies readonly (keyof LeadRow)[];
const readColumns = ['document', 'owner_id', 'partner', 'placement_version'] as const;
const activityColumns = [
  'lead_id',
  'id',
  'type',
  'at',
  'actor',
  'data',
  'sealed',
] as const satisfies readonly (keyof ActivityRow)[];

/** After every id: ids are lower-case hexadecimal. */
const afterAllIds = '~';

/** @param formats for tests; the release's own when absent */
interface Placing {
  readonly leadId: LeadId;
  readonly ownerId: string | null;
  readonly partner: string | null;
  readonly placementVersion: number;
}

export function leadStore(context: SqlContext, formats: Formats<LeadContent> = leadFormats): LeadStore {
  const { query, locksRows } = context.flavour;
  const leads = inserter(context.flavour, 'leads', leadColumns);
  const activities = inserter(context.flavour, 'lead_activities', activityColumns);

  const replace = prepare<Pick<LeadRow, 'id' | 'version' | 'document' | 'format'> & { expected: number }, unknown>(
    (parameter) =>
      query
        .updateTable('leads')
        .set({ version: parameter('version'), document: parameter('document'), format: parameter('format') })
        .where('id', '=', parameter('id'))
        .where('version', '=', parameter('expected')),
  );
  const byId = prepareList<LeadId, Record<never, never>, ReadLead>((ids) =>
    query.selectFrom('leads').select(readColumns).where('id', 'in', ids),
  );
  const forChange = prepare<{ id: LeadId }, ReadLead>((parameter) =>
    query
      .selectFrom('leads')
      .select(readColumns)
      .where('id', '=', parameter('id'))
      .$if(locksRows, (select) => select.forUpdate()),
  );
  const byNumber = prepareList<string, Record<never, never>, Pick<LeadRow, 'id' | 'number'>>((numbers) =>
    query.selectFrom('leads').select(['id', 'number']).where('number', 'in', numbers),
  );
  const placing = (parameter: ParameterOf<Placing>) =>
    query
      .updateTable('leads')
      .set({
        owner_id: parameter('ownerId'),
        partner: parameter('partner'),
        placement_version: parameter('placementVersion'),
      })
      .where('id', '=', parameter('leadId'));
  const place = prepare<Placing, unknown>((parameter) =>
    placing(parameter).where('placement_version', '<', parameter('placementVersion')),
  );
  const correct = prepare<Placing & { readonly seen: number }, unknown>((parameter) =>
    placing(parameter).where('placement_version', '=', parameter('seen')),
  );
  const older = prepare<{ leadId: LeadId; before: string; limit: number }, ActivityRow>((parameter) =>
    query
      .selectFrom('lead_activities')
      .select(activityColumns)
      .where('lead_id', '=', parameter('leadId'))
      .where('id', '<', parameter('before'))
      .orderBy('id', 'desc')
      .limit(parameter('limit')),
  );
  const scan = prepare<{ after: string; limit: number }, ReadLead>((parameter) =>
    query
      .selectFrom('leads')
      .select(readColumns)
      .where(sql<boolean>`id > ${parameter('after')}`)
      .orderBy('id')
      .limit(parameter('limit')),
  );

  const leadOf = (row: ReadLead): StoredLead => {
    const content = inThisFormat(formats, readJson<LeadContent | OlderRecord>(row.document));
    return { ...content, ownerId: row.owner_id, partner: row.partner, placementVersion: row.placement_version };
  };

  return {
    async insert(unit, given, texts) {
      const rows = given.map((lead) => rowOf(lead, texts?.get(lead.id)));
      await leads.insert(connectionOf(unit, 'documents'), rows);
    },
    async replace(unit, lead, expectedVersion) {
      const { id, version, document, format } = rowOf(lead);
      const connection = connectionOf(unit, 'documents');
      return (await replace.run(connection, { id, version, document, format, expected: expectedVersion })) === 1;
    },
    async get(unit, ids) {
      return (await byId.all(readerFor(context, unit, 'documents'), [...new Set(ids)], {})).map(leadOf);
    },
    async getForChange(unit, id) {
      const row = await forChange.first(connectionOf(unit, 'documents'), { id });
      return row && leadOf(row);
    },
    async idsByNumber(unit, numbers) {
      const rows = await byNumber.all(readerFor(context, unit, 'documents'), numbers, {});
      return new Map(rows.map((row) => [row.number, row.id]));
    },
    async projectPlacement(unit, placement) {
      await place.run(connectionOf(unit, 'documents'), placement);
    },
    async correctPlacement(unit, placement, seen) {
      return (await correct.run(connectionOf(unit, 'documents'), { ...placement, seen })) === 1;
    },
    async appendActivities(unit, leadId, given) {
      await activities.insertKeepingExisting(
        connectionOf(unit, 'documents'),
        given.map((activity) => ({
          lead_id: leadId,
          id: activity.id,
          type: activity.type,
          at: activity.at,
          actor: activity.actor,
          data: writeJson(activity.data),
          sealed: activity.sealed,
        })),
      );
    },
    async olderActivities(leadId, before, limit) {
      const rows = await older.all(context.reader, { leadId, before: before ?? afterAllIds, limit: limit + 1 });
      return { activities: rows.slice(0, limit).map(activityOf), hasMore: rows.length > limit };
    },
    async scan(after, limit) {
      return (await scan.all(context.reader, { after: after ?? '', limit })).map(leadOf);
    },
  };
}

/** @param text the document without its number, written before */
function rowOf(lead: StoredLead, text?: LeadText): LeadRow {
  const { ownerId, partner, placementVersion, ...document } = lead;
  return {
    id: lead.id,
    version: lead.version,
    number: lead.number,
    product_line: lead.productLine,
    document: writeJson(document, text && withNumber(text, lead)),
    owner_id: ownerId,
    partner,
    placement_version: placementVersion,
    format: lead.format,
  };
}

function withNumber(text: LeadText, { number, numberMonth, numberSeq }: StoredLead): LeadText {
  return `${text.slice(0, -1)},${JSON.stringify({ number, numberMonth, numberSeq }).slice(1)}`;
}

function activityOf(row: ActivityRow): StoredActivity {
  return {
    id: row.id,
    type: row.type,
    at: row.at,
    actor: row.actor,
    data: readJson<Json>(row.data),
    sealed: row.sealed,
  };
}
