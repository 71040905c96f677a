import type { Json } from '../../foundation/kernel/index.js';
import type { ImportRequest } from './import-request.js';

/** The kind of the jobs that import files. */
export const importJobKind = 'import.run';
/** The kind of the jobs that take rows of an import which another worker does. */
export const importShareKind = 'import.share';

/** What the job of a detached import keeps. */
export interface ImportOrder {
  readonly request: ImportRequest;
  readonly fileSha256: string;
  /** Of every try. */
  readonly run: string;
}

export function orderJson(order: ImportOrder): Json {
  return JSON.parse(JSON.stringify(order));
}

/** What {@link orderJson} wrote. */
export function orderOf(payload: Json): ImportOrder {
  return JSON.parse(JSON.stringify(payload));
}
