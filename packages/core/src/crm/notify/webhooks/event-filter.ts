import type { StoredEndpoint } from './webhook-store.js';

export type EventFilter = Pick<StoredEndpoint, 'eventTypes' | 'productLines'>;

/** Every event. */
export const anyEvent = '*';

/** Whether an endpoint wants an event of a type, about a lead of a line (null: of none, or about no lead). */
export function wantsEvent(
  { eventTypes, productLines }: EventFilter,
  event: { readonly type: string; readonly productLine: string | null },
): boolean {
  if (!eventTypes.some((wanted) => wantsType(wanted, event.type))) return false;
  return productLines.length === 0 || (event.productLine !== null && productLines.includes(event.productLine));
}

function wantsType(wanted: string, type: string): boolean {
  if (wanted === anyEvent) return true;
  return wanted.endsWith('.*') ? type.startsWith(wanted.slice(0, -1)) : wanted === type;
}

/** What a feed has to give for all of these filters; null: every type. */
export function typesOf(filters: readonly EventFilter[]): readonly string[] | null {
  const types = new Set(filters.flatMap(({ eventTypes }) => eventTypes));
  return types.has(anyEvent) ? null : [...types];
}
