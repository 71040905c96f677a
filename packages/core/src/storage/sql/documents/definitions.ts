import { type Selectable, sql } from 'kysely';
import type {
  DefinitionPartName,
  DefinitionStore,
  LineHead,
  StoredDefinition,
} from '../../../crm/fields/definition-store.js';
import type { Json } from '../../../foundation/kernel/index.js';
import { inserter } from '../inserter.js';
import { readJson, writeJson } from '../json-text.js';
import { prepare, runQuery } from '../prepared.js';
import { connectionOf, readerFor, type SqlContext } from '../sql-unit.js';
import type { DefinitionVersionsTable, ProductLinesTable } from '../tables.js';
import { definitionDrafts } from './definition-drafts.js';

type HeadRow = Omit<Selectable<ProductLinesTable>, 'format'>;
type VersionRow = Omit<Selectable<DefinitionVersionsTable>, 'format'>;

const headColumns = [
  'slug',
  'name',
  'revision',
  'schema_version',
  'pipeline_version',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof HeadRow)[];
const versionColumns = [
  'product_line',
  'part',
  'version',
  'published_at',
  'published_by',
  'body',
] as const satisfies readonly (keyof VersionRow)[];
const bodilessColumns = ['product_line', 'part', 'version', 'published_at', 'published_by'] as const;

const mostHeads = 1_000;

export function definitionStore(context: SqlContext): DefinitionStore {
  const { query, locksRows } = context.flavour;
  const heads = inserter(context.flavour, 'product_lines', headColumns);
  const versions = inserter(context.flavour, 'definition_versions', versionColumns);

  const bySlug = prepare<{ slug: string }, HeadRow>((parameter) =>
    query.selectFrom('product_lines').select(headColumns).where('slug', '=', parameter('slug')),
  );
  /** Shared by all that read the line, and waited for by who replaces its head. */
  const bySlugHeld = prepare<{ slug: string }, HeadRow>((parameter) =>
    query
      .selectFrom('product_lines')
      .select(headColumns)
      .where('slug', '=', parameter('slug'))
      .$if(locksRows, (select) => select.modifyEnd(sql`lock in share mode`)),
  );
  const oneVersion = prepare<{ line: string; part: DefinitionPartName; version: number }, VersionRow>((parameter) =>
    query
      .selectFrom('definition_versions')
      .select(versionColumns)
      .where('product_line', '=', parameter('line'))
      .where('part', '=', parameter('part'))
      .where('version', '=', parameter('version')),
  );

  return {
    ...definitionDrafts(context),
    async head(unit, slug) {
      const statement = unit === null ? bySlug : bySlugHeld;
      const row = await statement.first(readerFor(context, unit, 'documents'), { slug });
      return row && headOf(row);
    },
    async heads() {
      const list = query.selectFrom('product_lines').select(headColumns).orderBy('slug').limit(mostHeads);
      return (await runQuery(context.reader, list)).rows.map(headOf);
    },
    // Replacing the head waited for them.
    awaitReaders: async () => undefined,
    insertHead: (unit, head) => heads.insertOne(connectionOf(unit, 'documents'), headRowOf(head)),
    async replaceHead(unit, head, expectedRevision) {
      const update = query
        .updateTable('product_lines')
        .set(headRowOf(head))
        .where('slug', '=', head.slug)
        .where('revision', '=', expectedRevision);
      return (await runQuery(connectionOf(unit, 'documents'), update)).affected === 1;
    },
    async insertVersion(unit, definition) {
      await versions.insert(connectionOf(unit, 'documents'), [
        {
          product_line: definition.productLine,
          part: definition.part,
          version: definition.version,
          body: writeJson(definition.body),
          published_at: definition.publishedAt,
          published_by: definition.publishedBy,
        },
      ]);
    },
    async version(unit, slug, part, version) {
      const row = await oneVersion.first(readerFor(context, unit, 'documents'), { line: slug, part, version });
      return row && { ...publishedOf(row), body: readJson<Json>(row.body) };
    },
    async versions(slug, part, limit) {
      const list = query
        .selectFrom('definition_versions')
        .select(bodilessColumns)
        .where('product_line', '=', slug)
        .where('part', '=', part)
        .orderBy('version', 'desc')
        .limit(limit);
      return (await runQuery(context.reader, list)).rows.map(publishedOf);
    },
  };
}

function headRowOf(head: LineHead): HeadRow {
  return {
    slug: head.slug,
    name: head.name,
    revision: head.revision,
    schema_version: head.schemaVersion,
    pipeline_version: head.pipelineVersion,
    created_at: head.createdAt,
    updated_at: head.updatedAt,
  };
}

function headOf(row: HeadRow): LineHead {
  return {
    slug: row.slug,
    name: row.name,
    revision: row.revision,
    schemaVersion: row.schema_version,
    pipelineVersion: row.pipeline_version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function publishedOf(row: Omit<VersionRow, 'body'>): Omit<StoredDefinition, 'body'> {
  return {
    productLine: row.product_line,
    part: row.part,
    version: row.version,
    publishedAt: row.published_at,
    publishedBy: row.published_by,
  };
}
