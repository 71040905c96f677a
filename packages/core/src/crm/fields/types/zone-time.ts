import { type BusinessTime, businessTime } from '../../../foundation/kernel/index.js';

const mostKept = 64;
const kept = new Map<string, BusinessTime>();

/** {@link businessTime}, made once a zone: making one costs more than using it. */
export function timeIn(zone: string): BusinessTime {
  const known = kept.get(zone);
  if (known !== undefined) return known;
  if (kept.size >= mostKept) kept.clear();
  const made = businessTime(zone);
  kept.set(zone, made);
  return made;
}
