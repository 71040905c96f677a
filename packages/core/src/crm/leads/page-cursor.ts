import { LmsError } from '../../foundation/kernel/index.js';

/** Where a page ended: the sort value and id of its last row, and for which query. */
export interface PagePosition {
  readonly value: string | number | null;
  readonly leadId: string;
}

/** An opaque cursor that only continues the query it was made by (`queryHash`). */
export function encodeCursor(position: PagePosition, queryHash: string): string {
  return Buffer.from(JSON.stringify([1, queryHash, position.value, position.leadId])).toString('base64url');
}

/** @throws LmsError `CURSOR_INVALID` when the text is no cursor or belongs to another query */
export function decodeCursor(cursor: string, queryHash: string): PagePosition {
  const parts = parseParts(cursor);
  if (parts === null) {
    throw new LmsError('CURSOR_INVALID', {
      message: 'the cursor is not one that a list gave; start again without a cursor',
      path: 'cursor',
    });
  }
  const [, madeFor, value, leadId] = parts;
  if (madeFor !== queryHash) {
    throw new LmsError('CURSOR_INVALID', {
      message: 'the cursor belongs to another filter or sort order; start again without a cursor',
      path: 'cursor',
    });
  }
  return { value, leadId };
}

function parseParts(cursor: string): [1, string, string | number | null, string] | null {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
  if (!Array.isArray(parts) || parts.length !== 4 || parts[0] !== 1) return null;
  const [, hash, value, leadId] = parts as readonly unknown[];
  if (typeof hash !== 'string' || typeof leadId !== 'string') return null;
  if (value !== null && typeof value !== 'string' && typeof value !== 'number') return null;
  return [1, hash, value, leadId];
}
