import type { StoredEndpoint } from './webhook-store.js';

export type EventFilter = Pick<StoredEndpoint, 'eventTypes' | 'productLines'>;

/** Every event. */
export const anyEvent = '*';

/** Whether an endpoint wants events of a type. */
export function wantsType({ eventTypes }: Pick<EventFilter, 'eventTypes'>, type: string): boolean {
  return eventTypes.some((wanted) => {
    if (wanted === anyEvent) return true;
    return wanted.endsWith('.*') ? type.startsWith(wanted.slice(0, -1)) : wanted === type;
  });
}

/** Whether an endpoint wants what happens to leads of a line; null is what is about no lead. */
export function wantsLine({ productLines }: Pick<EventFilter, 'productLines'>, line: string | null): boolean {
  return productLines.length === 0 || (line !== null && productLines.includes(line));
}

/** What a feed has to give for all of these filters; null: every type. */
export function typesOf(filters: readonly EventFilter[]): readonly string[] | null {
  const types = new Set(filters.flatMap(({ eventTypes }) => eventTypes));
  return types.has(anyEvent) ? null : [...types];
}
