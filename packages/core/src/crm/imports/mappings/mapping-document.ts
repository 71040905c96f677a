import { z } from 'zod';
import { type DateOrder, dateOrders, LmsError, type Problem } from '../../../foundation/kernel/index.js';
import {
  type DefinitionFormat,
  type JsonSchema,
  readDefinitionText,
  readShape,
  slugShape,
  withPlaces,
  words,
} from '../../fields/index.js';
import {
  type BlockOfFile,
  blocksOfFileShape,
  type ConsentOfFiles,
  consentsOfFilesShape,
} from '../consents/said-in-file.js';
import { amountUnits, type ColumnMapping, type ColumnTarget } from '../mapping-target.js';

/** How the files of one source are read. What is absent is as an import without a mapping does it. */
export interface MappingDocument {
  /** For editors: address of the published schema. */
  readonly $schema?: string;
  readonly productLine?: string;
  readonly sheet?: string;
  /** Number of the row of headings. */
  readonly headerRow?: number;
  readonly dateOrder?: DateOrder;
  readonly source?: string;
  readonly channel?: string;
  readonly campaign?: string;
  /** What people allow, by a column of these files or all of them. When they said so is particular to each file. */
  readonly consents?: readonly ConsentOfFiles[];
  /** By what they must not be contacted. */
  readonly contactBlocks?: readonly BlockOfFile[];
  readonly columns: ColumnMapping;
}

const mostColumns = 1000;
const dateOrder = z.enum(dateOrders, { error: 'expected dmy, mdy or ymd' });

const targetShape = z.strictObject({
  field: words(200),
  dateOrder: dateOrder.exactOptional(),
  unit: z.enum(amountUnits, { error: `expected ${amountUnits.join(', ')}` }).exactOptional(),
}) satisfies z.ZodType<ColumnTarget>;

/** The strict shape of a mapping file. */
const mappingShape: z.ZodType<MappingDocument> = z.strictObject({
  $schema: z.string().max(2000).exactOptional(),
  productLine: slugShape.exactOptional(),
  sheet: words(100).exactOptional(),
  headerRow: z.int({ error: 'expected a whole number' }).min(1).max(1000).exactOptional(),
  dateOrder: dateOrder.exactOptional(),
  source: words(100).exactOptional(),
  channel: words(100).exactOptional(),
  campaign: words(100).exactOptional(),
  consents: consentsOfFilesShape.exactOptional(),
  contactBlocks: blocksOfFileShape.exactOptional(),
  columns: z
    .record(
      words(500),
      z.union([words(200), targetShape], {
        error: `expected a field, "-", or { field, dateOrder: dmy, mdy or ymd, unit: ${amountUnits.join(', ')} }`,
      }),
    )
    .refine((columns) => Object.keys(columns).length <= mostColumns, { error: `at most ${mostColumns} columns` }),
});

/** @throws LmsError `IMPORT_MAPPING_INVALID` with every problem and its path */
export function readMapping(json: unknown): MappingDocument {
  const result = readShape(mappingShape, json);
  if (result.ok) return result.value;
  throw refused(result.problems);
}

/**
 * Reads a mapping file.
 * @throws LmsError `IMPORT_MAPPING_INVALID`; each problem names its line and column
 */
export function parseMappingText(text: string, options: { readonly format: DefinitionFormat }): MappingDocument {
  const read = readDefinitionText(text, { ...options, refusal: refused });
  const result = readShape(mappingShape, read.json);
  if (result.ok) return result.value;
  throw refused(withPlaces(result.problems, read));
}

function refused(problems: readonly Problem[]): LmsError {
  return LmsError.ofProblems('IMPORT_MAPPING_INVALID', 'the mapping is refused', problems);
}

/** JSON Schema 2020-12 of a mapping file, for editors. Published as `schemas/import-mapping.schema.json`. */
export function mappingJsonSchema(): JsonSchema {
  const { $schema, ...mapping } = z.toJSONSchema(mappingShape);
  return {
    $schema,
    title: 'LMS import mapping',
    description: 'How the files of one source are read: which column holds which field, and what its cells mean.',
    ...mapping,
  };
}
