import type { Writable } from 'node:stream';
import { z } from 'zod';
import { checkInput, type Instant, LmsError } from '../../foundation/kernel/index.js';
import type { LeadFilter } from '../leads/index.js';
import type { OptionForm } from './columns/field-cell.js';

export const exportFormats = ['csv', 'xlsx', 'ndjson'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Which leads, which of their values, in which form, and where to. */
export interface ExportRequest {
  /** As for lists, without `deleted`. Without `productLine` the columns are those that every lead has. */
  readonly filter?: Omit<LeadFilter, 'deleted'>;
  /**
   * Keys of fields (`loanAmount`), what was typed for them (`loanAmount:entered`), and a lead's own columns (`number`, `stage`,
   * `createdAt`...). When absent: number, stage, status, owner, createdAt, then the line's fields in order.
   */
  readonly columns?: readonly string[];
  readonly format: ExportFormat;
  /** Headings by label, or by key; `label` when absent, `key` for ndjson. An import recognises both. */
  readonly headings?: 'label' | 'key';
  /** Options of enums, and yes and no: by label (when absent), or by value. */
  readonly options?: OptionForm;
  /** Masks personal values also for who may see them. */
  readonly masked?: boolean;
  /** csv alone: `,` when absent. */
  readonly delimiter?: ',' | ';' | '\t' | '|';
  /** csv alone: whether it begins with a byte-order mark; true when absent. */
  readonly bom?: boolean;
  /** A file to make, or a stream to write to, which is left open. */
  readonly to: { readonly file: string; readonly replace?: boolean } | { readonly stream: Writable };
}

export interface ExportProgress {
  /** Written so far. */
  readonly leads: number;
  /** When it began; null when there were more than are worth counting. */
  readonly total: number | null;
  readonly bytes: number;
}

export interface ExportOptions {
  readonly signal?: AbortSignal;
  /** After each page of at most 50 leads. */
  readonly onProgress?: (progress: ExportProgress) => void;
}

export interface ExportedColumn {
  readonly name: string;
  readonly heading: string;
  readonly isPersonal: boolean;
}

export interface ExportResult {
  /** Names the export in the audit trail. */
  readonly exportId: string;
  readonly productLine: string | null;
  readonly format: ExportFormat;
  readonly columns: readonly ExportedColumn[];
  readonly leads: number;
  readonly bytes: number;
  /** SHA-256 of the file, 64 hexadecimal digits. */
  readonly sha256: string;
  /** null for a stream. */
  readonly file: string | null;
  /** Whether personal values are masked in it. */
  readonly masked: boolean;
  /** Names of the columns whose personal values are in it in the clear. */
  readonly personalColumns: readonly string[];
  readonly startedAt: Instant;
  readonly elapsedMillis: number;
}

const mostColumns = 600;

interface PlainRequest extends Omit<ExportRequest, 'filter' | 'to'> {}

const plainShape: z.ZodType<PlainRequest> = z.strictObject({
  columns: z.array(z.string().min(1).max(200)).min(1).max(mostColumns).exactOptional(),
  format: z.enum(exportFormats),
  headings: z.enum(['label', 'key']).exactOptional(),
  options: z.enum(['labels', 'values']).exactOptional(),
  masked: z.boolean().exactOptional(),
  delimiter: z.enum([',', ';', '\t', '|']).exactOptional(),
  bom: z.boolean().exactOptional(),
});

/** The filter is checked where it is used. @throws LmsError `INPUT_INVALID` naming each wrong place */
export function checkExportRequest(request: ExportRequest): ExportRequest {
  const { filter = {}, to, ...plain } = request;
  const checked = checkInput(plainShape, plain, 'the leads cannot be exported');
  if ('deleted' in filter) throw wrong('filter.deleted', 'deleted leads are not exported');
  if (typeof to !== 'object' || to === null) throw wrong('to', 'say where to: { file } or { stream }');
  const named = 'file' in to && typeof to.file === 'string' && to.file !== '';
  if (!named && !('stream' in to && typeof to.stream.write === 'function')) {
    throw wrong('to', 'say where to: { file } or { stream }');
  }
  if (checked.format !== 'csv' && (checked.delimiter ?? checked.bom) !== undefined) {
    throw wrong('format', 'a delimiter and a byte-order mark are for csv alone');
  }
  return { ...checked, filter, to };
}

function wrong(path: string, message: string): LmsError {
  return LmsError.ofProblems('INPUT_INVALID', 'the leads cannot be exported', [{ path, rule: 'invalid', message }]);
}
