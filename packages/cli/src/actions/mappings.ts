import { writeFile } from 'node:fs/promises';
import type { ColumnTarget, MappingDocument, SavedMapping } from '@lms/core';
import { LmsError } from '@lms/core/kernel';
import { readMappingFile } from '../input/import-mapping.js';
import { printable, table } from '../output/index.js';
import type { Session } from '../session.js';
import { mappingText } from '../views/mapping-text.js';
import { mappedConsentLines } from '../views/said-view.js';
import { nextPage } from './lead-list.js';

export interface MappingListOptions {
  readonly product?: string;
  readonly limit: number;
  readonly cursor?: string;
}

export interface MappingNameOptions {
  readonly product: string;
}

export interface MappingExportOptions extends MappingNameOptions {
  readonly output?: string;
}

export async function listMappings(session: Session, options: MappingListOptions): Promise<void> {
  const { me, output, format } = session;
  const { product, limit, cursor } = options;
  const found = await me.imports.mappings.list({
    limit,
    ...(product === undefined ? {} : { productLine: product }),
    ...(cursor === undefined ? {} : { after: placeOf(cursor) }),
  });
  const last = found.at(-1);
  const next = found.length === limit && last !== undefined ? `${last.productLine}/${last.name}` : null;
  output.answer({ items: found, nextCursor: next }, () =>
    found.length === 0
      ? ''
      : table(
          found,
          [
            { heading: 'Name', cell: ({ name }) => name, minimum: 8 },
            { heading: 'Product', cell: ({ productLine }) => productLine, minimum: 8 },
            { heading: 'Columns', cell: ({ document }) => String(readColumns(document).length), align: 'right' },
            { heading: 'Version', cell: ({ version }) => String(version), align: 'right' },
            { heading: 'Saved', cell: ({ savedAt }) => format.time(savedAt), importance: 1 },
            { heading: 'By', cell: ({ savedBy }) => savedBy, minimum: 6 },
          ],
          output,
        ),
  );
  if (found.length === 0)
    output.say('No mapping is saved. To keep one: lms import FILE --product LINE --save-mapping NAME');
  if (next !== null) output.say(`More: ${nextPage(session, next)}`);
}

export async function showMapping(session: Session, name: string, options: MappingNameOptions): Promise<void> {
  const { me, output } = session;
  const mapping = await me.imports.mappings.get({ productLine: options.product, name });
  output.answer(mapping, () => mappingLines(mapping, session).join('\n'));
}

export async function saveMapping(
  session: Session,
  { name, file }: { readonly name: string; readonly file: string },
  options: MappingNameOptions,
): Promise<void> {
  const document = await readMappingFile(file);
  const saved = await session.me.imports.mappings.save({ productLine: options.product, name, document });
  session.output.answer(saved, () => `Saved "${saved.name}", version ${saved.version}`);
}

export async function exportMapping(session: Session, name: string, options: MappingExportOptions): Promise<void> {
  const { me, output } = session;
  const { document } = await me.imports.mappings.get({ productLine: options.product, name });
  const text = mappingText(document);
  if (options.output === undefined) {
    output.answer(document, () => text.trimEnd());
    return;
  }
  try {
    await writeFile(options.output, text, { flag: 'wx' });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LmsError('INPUT_INVALID', {
      message: `${options.output} cannot be written: ${reason}`,
      path: '--output',
      cause,
    });
  }
  output.answer({ file: options.output }, () => printable(`Wrote ${options.output}`));
}

export async function removeMapping(session: Session, name: string, options: MappingNameOptions): Promise<void> {
  await session.me.imports.mappings.remove({ productLine: options.product, name });
  session.output.answer({ removed: name }, () => `Removed "${printable(name)}"`);
}

function mappingLines(mapping: SavedMapping, { output, format }: Session): readonly string[] {
  const { document, name, productLine, version, savedAt, savedBy } = mapping;
  const { columns, $schema: _schema, productLine: _line, consents, contactBlocks, ...choices } = document;
  const rows = Object.entries(columns).map(([heading, target]) => ({ heading, ...partsOf(target) }));
  return [
    output.style.bold(printable(`${name} for ${productLine}`)),
    `Version ${version}, saved ${format.time(savedAt)} by ${savedBy}`,
    ...Object.entries(choices).map(([choice, value]) => printable(`${choice}: ${value}`)),
    ...mappedConsentLines({ ...(consents && { consents }), ...(contactBlocks && { contactBlocks }) }),
    '',
    table(
      rows,
      [
        { heading: 'Column', cell: (row) => row.heading, minimum: 10 },
        { heading: 'Field', cell: (row) => (row.field === '-' ? '(left out)' : row.field), minimum: 10 },
        { heading: 'Unit', cell: (row) => row.unit ?? '', importance: 1 },
        { heading: 'Dates', cell: (row) => row.dateOrder ?? '', importance: 1 },
      ],
      output,
    ),
  ];
}

function partsOf(target: string | ColumnTarget): ColumnTarget {
  return typeof target === 'string' ? { field: target } : target;
}

function readColumns(document: MappingDocument): readonly string[] {
  return Object.entries(document.columns).flatMap(([heading, target]) =>
    partsOf(target).field === '-' ? [] : [heading],
  );
}

/** A cursor is line and name, as a page gave it; lines have no slash. */
function placeOf(cursor: string): { readonly productLine: string; readonly name: string } {
  const at = cursor.indexOf('/');
  if (at > 0) return { productLine: cursor.slice(0, at), name: cursor.slice(at + 1) };
  throw new LmsError('CURSOR_INVALID', { message: 'the cursor was not given by a page of mappings', path: '--cursor' });
}
