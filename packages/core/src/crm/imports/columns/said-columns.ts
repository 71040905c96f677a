import { columnLetter, dateOrders, type Problem } from '../../../foundation/kernel/index.js';
import { didYouMean } from '../../fields/index.js';
import { foldHeading } from '../heading.js';
import { amountUnits, type ColumnMapping, type ColumnTarget } from '../mapping-target.js';
import type { HeadingIndex } from './heading-index.js';

/** What a mapping says of one column; `-` leaves it out. */
export type SaidColumn = '-' | ColumnTarget;

const mostNamed = 12;

/**
 * The columns of a file that a mapping speaks of, by their place. What it names and the file or the line has not is a
 * problem; only a column to leave out may be missing from a mapping that was written for many files (`mappingName`).
 */
export function saidColumns(
  headings: readonly string[],
  index: HeadingIndex,
  { mapping = {}, mappingName }: { readonly mapping?: ColumnMapping; readonly mappingName?: string },
  problems: Problem[],
): ReadonlyMap<number, SaidColumn> {
  const said = new Map<number, SaidColumn>();
  for (const [name, target] of Object.entries(mapping)) {
    const refuse = (rule: string, message: string): unknown => problems.push({ path: name, rule, message });
    const wanted = typeof target === 'string' ? { field: target } : target;
    const field = fieldOf(wanted.field, index);
    const places = placesOf(name, headings);
    const [place] = places;
    if (place === undefined) {
      if (field !== '-' || mappingName === undefined) refuse('unknown-column', missing(name, headings, mappingName));
    } else if (places.length > 1) {
      const letters = places.map((at) => `"column ${columnLetter(at)}"`).join(' or ');
      refuse('ambiguous-column', `several columns have this heading; say ${letters}`);
    } else if (field === null) {
      refuse(
        'unknown-field',
        `there is no field ${JSON.stringify(wanted.field)}${didYouMean(wanted.field, index.fields.keys())}`,
      );
    } else if (said.has(place)) {
      refuse('ambiguous-column', `the mapping names column ${columnLetter(place)} twice`);
    } else if (!isKnownReading(wanted)) {
      refuse('reading', `a unit is one of ${amountUnits.join(', ')}, a date order one of ${dateOrders.join(', ')}`);
    } else if (field !== '-' && !isFitting(wanted, field, index)) {
      refuse('unit', `${index.fields.get(field)?.label ?? field} takes no unit: it is no amount of money`);
    } else {
      said.set(place, field === '-' ? '-' : { ...wanted, field });
    }
  }
  return said;
}

/** A mapping that no longer fits its file, with both sides named. */
function missing(name: string, headings: readonly string[], mappingName: string | undefined): string {
  const wanted = JSON.stringify(name);
  const near = didYouMean(name, headings);
  if (mappingName === undefined) return `the file has no column ${wanted}${near}`;
  const known = headings.filter((heading) => foldHeading(heading) !== '');
  const shown = known.slice(0, mostNamed).map((heading) => JSON.stringify(heading.trim()));
  const more = known.length > shown.length ? ` and ${known.length - shown.length} more` : '';
  return `the mapping "${mappingName}" reads a column ${wanted} that the file does not have${near}; the file has ${shown.join(', ')}${more}`;
}

/** Callers in JavaScript may say anything. */
function isKnownReading({ unit, dateOrder }: ColumnTarget): boolean {
  return (
    (unit === undefined || amountUnits.includes(unit)) && (dateOrder === undefined || dateOrders.includes(dateOrder))
  );
}

function isFitting(target: ColumnTarget, field: string, index: HeadingIndex): boolean {
  return target.unit === undefined || index.fields.get(field)?.type === 'money';
}

/** The columns that a name means: by heading, else by letter (`column C`); none, one, or all that have the heading. */
export function placesOf(name: string, headings: readonly string[]): readonly number[] {
  const folded = foldHeading(name);
  const places = [...headings.keys()].filter((at) => folded !== '' && foldHeading(headings[at] ?? '') === folded);
  if (places.length > 0) return places;
  const letter = /^column\s+([A-Z]{1,3})$/i.exec(name.trim())?.[1]?.toUpperCase();
  return [...headings.keys()].filter((at) => columnLetter(at) === letter);
}

/** A field may be named by key, or by label as ops see it. */
function fieldOf(target: string, index: HeadingIndex): string | null {
  if (target.trim() === '-' || index.fields.has(target)) return target.trim();
  const match = index.match(target);
  return match === null || match.confidence < 0.9 ? null : match.field;
}
