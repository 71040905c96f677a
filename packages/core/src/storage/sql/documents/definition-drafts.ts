import type { Selectable } from 'kysely';
import type { DefinitionStore } from '../../../crm/fields/definition-store.js';
import type { Json } from '../../../foundation/kernel/index.js';
import { inserter } from '../inserter.js';
import { readJson, writeJson } from '../json-text.js';
import { prepare } from '../prepared.js';
import { connectionOf, readerFor, type SqlContext } from '../sql-unit.js';
import type { DefinitionDraftsTable } from '../tables.js';

type DraftRow = Omit<Selectable<DefinitionDraftsTable>, 'format'>;

const columns = [
  'product_line',
  'base_revision',
  'definition',
  'saved_at',
  'saved_by',
] as const satisfies readonly (keyof DraftRow)[];

/** The drafts of the definition store. */
export function definitionDrafts(context: SqlContext): Pick<DefinitionStore, 'draft' | 'saveDraft' | 'removeDraft'> {
  const { query } = context.flavour;
  const drafts = inserter(context.flavour, 'definition_drafts', columns);
  const find = prepare<{ line: string }, DraftRow>((parameter) =>
    query.selectFrom('definition_drafts').select(columns).where('product_line', '=', parameter('line')),
  );
  const remove = prepare<{ line: string }, unknown>((parameter) =>
    query.deleteFrom('definition_drafts').where('product_line', '=', parameter('line')),
  );
  return {
    async draft(unit, slug) {
      const row = await find.first(readerFor(context, unit, 'documents'), { line: slug });
      return (
        row && {
          productLine: row.product_line,
          baseRevision: row.base_revision,
          definition: readJson<Json>(row.definition),
          savedAt: row.saved_at,
          savedBy: row.saved_by,
        }
      );
    },
    async saveDraft(unit, draft) {
      const connection = connectionOf(unit, 'documents');
      await remove.run(connection, { line: draft.productLine });
      await drafts.insert(connection, [
        {
          product_line: draft.productLine,
          base_revision: draft.baseRevision,
          definition: writeJson(draft.definition),
          saved_at: draft.savedAt,
          saved_by: draft.savedBy,
        },
      ]);
    },
    async removeDraft(unit, slug) {
      await remove.run(connectionOf(unit, 'documents'), { line: slug });
    },
  };
}
