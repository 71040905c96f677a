import { isHostileKey } from '../../fields/index.js';
import type { ColumnMatch, ColumnPlan } from '../columns/column-plan.js';
import type { ConsentOfFile, ConsentOfFiles } from '../consents/said-in-file.js';
import { foldHeading } from '../heading.js';
import type { ImportRequest } from '../import-request.js';
import type { ColumnMapping, ColumnTarget } from '../mapping-target.js';
import type { MappingDocument } from './mapping-document.js';

/**
 * A request with what a mapping says. What the request says itself goes before it, column by column and field by field: a
 * column that the file calls differently is named anew with `{ "New heading": field }`. Consents are those of the request alone where it has
 * some, blocks those of both, one a channel. Pure.
 * @param name of the mapping or its file, for messages
 */
export function withMapping(request: ImportRequest, document: MappingDocument, name: string): ImportRequest {
  const { productLine: _line, $schema: _schema, columns, ...choices } = document;
  const choicesOfMapping = (['sheet', 'headerRow'] as const).filter(
    (choice) => choices[choice] !== undefined && request[choice] === undefined,
  );
  const mapping = joined(columns, request.mapping ?? {});
  const contactBlocks = allBlocks(request.contactBlocks, choices.contactBlocks);
  const said = contactBlocks === undefined ? {} : { contactBlocks };
  return { ...choices, ...request, ...said, mappingName: name, choicesOfMapping, mapping };
}

/** Those of the request, and of the mapping those by other channels: who asks for one more does not want the others contacted. */
function allBlocks(
  own: ImportRequest['contactBlocks'],
  ofMapping: MappingDocument['contactBlocks'],
): ImportRequest['contactBlocks'] {
  if (own === undefined || ofMapping === undefined) return own ?? ofMapping;
  const blocked = new Set(own.map(({ channel }) => channel));
  return [...own, ...ofMapping.filter(({ channel }) => !blocked.has(channel))];
}

function joined(columns: ColumnMapping, own: ColumnMapping): ColumnMapping {
  const said = new Set(Object.keys(own).map(foldHeading));
  const held = new Set(Object.values(own).map(fieldOf));
  return Object.fromEntries([
    ...Object.entries(columns).filter(([heading, target]) => {
      const field = fieldOf(target);
      return !said.has(foldHeading(heading)) && (field === '-' || !held.has(field));
    }),
    ...Object.entries(own),
  ]);
}

function fieldOf(target: string | ColumnTarget): string {
  return typeof target === 'string' ? target : target.field;
}

/**
 * The mapping that reads the next file of the source as this one was read: every column by name, those that were not read left
 * out. Pure.
 */
export function mappingUsed(
  request: Pick<
    ImportRequest,
    | 'productLine'
    | 'sheet'
    | 'headerRow'
    | 'dateOrder'
    | 'source'
    | 'channel'
    | 'campaign'
    | 'consents'
    | 'contactBlocks'
  >,
  plan: Pick<ColumnPlan, 'columns' | 'unmatched'>,
): MappingDocument {
  const all = [...plan.columns, ...plan.unmatched].sort((a, b) => a.index - b.index);
  const times = new Map<string, number>();
  for (const { heading } of all) times.set(foldHeading(heading), (times.get(foldHeading(heading)) ?? 0) + 1);
  const columns = all.map((column): [string, string | ColumnTarget] => {
    const folded = foldHeading(column.heading);
    const isName =
      folded !== '' &&
      !column.heading.endsWith('…') &&
      times.get(folded) === 1 &&
      !isHostileKey(column.heading) &&
      column.heading !== column.letter;
    return [isName ? column.heading : `column ${column.letter}`, 'field' in column ? targetOf(column) : '-'];
  });
  const { productLine, sheet, headerRow, dateOrder, source, channel, campaign, consents, contactBlocks } = request;
  return {
    productLine,
    ...(sheet === undefined ? {} : { sheet }),
    ...(headerRow === undefined ? {} : { headerRow }),
    ...(dateOrder === undefined ? {} : { dateOrder }),
    ...(source === undefined ? {} : { source }),
    ...(channel === undefined ? {} : { channel }),
    ...(campaign === undefined ? {} : { campaign }),
    ...(consents === undefined ? {} : { consents: consents.map(ofAnyFile) }),
    ...(contactBlocks === undefined ? {} : { contactBlocks }),
    columns: Object.fromEntries(columns),
  };
}

/** When people said so is particular to each file. */
function ofAnyFile({ givenAt: _givenAt, expiresAt: _expiresAt, ...consent }: ConsentOfFile): ConsentOfFiles {
  return consent;
}

function targetOf({ field, unit, dateOrder }: ColumnMatch): string | ColumnTarget {
  if (unit === undefined && dateOrder === undefined) return field;
  return { field, ...(dateOrder === undefined ? {} : { dateOrder }), ...(unit === undefined ? {} : { unit }) };
}
