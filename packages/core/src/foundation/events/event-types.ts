import { z } from 'zod';

/** Types by name (`lead.created`), and all of a noun (`lead.*`). */
export interface EventTypes {
  readonly names: readonly string[];
  /** What comes before the star: `lead.` */
  readonly prefixes: readonly string[];
}

const mostTypes = 50;

/** One type or all of a noun. */
export const eventTypeShape: z.ZodType<string> = z
  .string()
  .max(100)
  .regex(/^[a-z][a-z0-9_-]*\.([a-z0-9_]+|\*)$/, { error: 'expected a type such as lead.created, or lead.*' });

/** A filter by types; all types when absent. */
export const eventTypesShape: z.ZodType<readonly string[]> = z.array(eventTypeShape).min(1).max(mostTypes);

/** The filter as stores take it; null lets every type pass. */
export function eventTypesOf(types: readonly string[] | undefined): EventTypes | null {
  if (types === undefined) return null;
  const isWhole = (type: string): boolean => type.endsWith('.*');
  return {
    names: types.filter((type) => !isWhole(type)),
    prefixes: types.filter(isWhole).map((type) => type.slice(0, -1)),
  };
}
