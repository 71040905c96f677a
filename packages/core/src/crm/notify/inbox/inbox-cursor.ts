import { type Instant, instantShape, isId } from '../../../foundation/kernel/index.js';

/** What has a place in a list by time. */
export interface TimedPlace {
  readonly madeAt: Instant;
  readonly id: string;
}

/** The place of something in a list by time, as text. */
export function cursorOf({ madeAt, id }: TimedPlace): string {
  return `${madeAt}_${id}`;
}

/** Null where the text is none. */
export function placeOf(cursor: string): TimedPlace | null {
  const [madeAt = '', id = ''] = cursor.split('_');
  return instantShape.safeParse(madeAt).success && isId(id) ? { madeAt, id } : null;
}
