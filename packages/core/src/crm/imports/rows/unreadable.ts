import { LmsError } from '../../../foundation/kernel/index.js';

/** The file is not a table, or is damaged. `path` is where: `line 12`, `sheet "Leads", row 40`. */
export function unreadable(message: string, place?: { readonly path?: string; readonly cause?: unknown }): LmsError {
  return new LmsError('IMPORT_FILE_UNREADABLE', { message, ...place });
}

export function beyondLimit(message: string, limit: string, most: number, path?: string): LmsError {
  return new LmsError('LIMIT_EXCEEDED', { message, details: { limit, most }, ...(path === undefined ? {} : { path }) });
}
