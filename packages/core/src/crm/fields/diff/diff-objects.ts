import type { Json } from '../../../foundation/kernel/index.js';
import { jsonPath } from '../json-path.js';
import { sameValue } from '../same-value.js';
import { type Aspect, type Aspects, type JsonObject, type ThingWords, valueText } from './aspect-words.js';
import type { ChangedThing, DefinitionChange } from './definition-change.js';
import { movedItems } from './moved-items.js';

/** Where in two documents the comparison stands. */
interface Place {
  readonly path: readonly (string | number)[];
  readonly things: readonly ChangedThing[];
}

/** A property in both documents; undefined where it is absent. */
interface Pair {
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/**
 * Every difference between two objects, told in the words of `aspects`. No difference is left out: properties that have no
 * words are told by their key.
 */
export function diffObjects(
  before: JsonObject,
  after: JsonObject,
  aspects: Aspects,
  place: Place = { path: [], things: [] },
): readonly DefinitionChange[] {
  const keys = new Set([...Object.keys(aspects), ...Object.keys(after), ...Object.keys(before)]);
  return [...keys].flatMap((key) => {
    const pair = { before: own(before, key), after: own(after, key) };
    if (sameValue(pair.before, pair.after)) return [];
    const aspect = own(aspects, key) ?? { kind: 'value', words: key };
    return diffProperty(pair, aspect, { ...place, path: [...place.path, key] });
  });
}

function diffProperty(pair: Pair, aspect: Aspect, place: Place): readonly DefinitionChange[] {
  if (aspect.kind === 'parts') return diffObjects(objectOf(pair.before), objectOf(pair.after), aspect.parts, place);
  if (aspect.kind === 'things') return diffThings(pair, aspect.of, place);
  const { before = null, after = null } = pair;
  return [
    {
      kind: 'changed',
      path: jsonPath(place.path),
      things: place.things,
      aspect: aspect.words,
      before,
      after,
      text: textOf(pair, aspect),
    },
  ];
}

function textOf({ before, after }: Pair, aspect: Exclude<Aspect, { kind: 'parts' | 'things' }>): string {
  const plain = `${aspect.words}: ${valueText(before)} -> ${valueText(after)}`;
  switch (aspect.kind) {
    case 'value':
      return plain;
    case 'name':
      return `renamed "${valueText(before)}" -> "${valueText(after)}"`;
    case 'switch':
      if (after === true) return aspect.on;
      return before === true ? aspect.off : plain;
    case 'list':
      return `${aspect.words}: ${listText(textsOf(before), textsOf(after))}`;
  }
}

function listText(before: readonly string[], after: readonly string[]): string {
  const added = after.filter((text) => !before.includes(text)).map((text) => `"${text}"`);
  const removed = before.filter((text) => !after.includes(text)).map((text) => `"${text}"`);
  if (added.length + removed.length === 0) return `another order, ${after.join(', ') || 'none'}`;
  return [
    ...(added.length === 0 ? [] : [`added ${added.join(', ')}`]),
    ...(removed.length === 0 ? [] : [`removed ${removed.join(', ')}`]),
  ].join('; ');
}

/** A thing of a list with its place in the file. */
interface Listed {
  /** The identity; of things that share one also the how-manieth. */
  readonly id: string;
  readonly index: number;
  readonly thing: JsonObject;
}

function diffThings(pair: Pair, words: ThingWords, place: Place): readonly DefinitionChange[] {
  const before = listed(pair.before, words);
  const after = listed(pair.after, words);
  const old = new Map(before.map((entry) => [entry.id, entry]));
  const current = new Map(after.map((entry) => [entry.id, entry]));
  const at = (entry: Listed): Place => ({
    path: [...place.path, entry.index],
    things: [...place.things, calledBy(words, entry)],
  });
  const ofEach = after.flatMap((entry): readonly DefinitionChange[] => {
    const former = old.get(entry.id);
    if (former !== undefined) return diffObjects(former.thing, entry.thing, words.aspects, at(entry));
    const text = ['new', ...words.summary(entry.thing)].join(', ');
    return [{ ...whole(at(entry)), kind: 'added', before: null, after: entry.thing, text }];
  });
  const gone = before.filter((entry) => !current.has(entry.id));
  const removed = gone.map((entry): DefinitionChange => {
    return { ...whole(at(entry)), kind: 'removed', before: entry.thing, after: null, text: 'removed' };
  });
  const kept = after.filter((entry) => old.has(entry.id));
  return [
    ...ofEach,
    ...removed,
    ...diffOrder(
      before.filter((entry) => current.has(entry.id)),
      kept,
      words,
      place,
    ),
  ];
}

function whole(place: Place): Pick<DefinitionChange, 'path' | 'things' | 'aspect'> {
  return { path: jsonPath(place.path), things: place.things, aspect: null };
}

/** Both lists hold the same things. */
function diffOrder(
  before: readonly Listed[],
  after: readonly Listed[],
  words: ThingWords,
  place: Place,
): readonly DefinitionChange[] {
  const order = { before: before.map(({ id }) => id), after: after.map(({ id }) => id) };
  const moved = movedItems(order.before, order.after);
  if (moved.length === 0) return [];
  const names = new Map(after.map((entry) => [entry.id, calledBy(words, entry).name]));
  const told = moved.map(({ item, after: neighbour }) => {
    return `${names.get(item)} now ${neighbour === null ? 'first' : `after ${names.get(neighbour)}`}`;
  });
  const aspect = `order of ${words.plural}`;
  return [{ ...whole(place), ...order, kind: 'moved', aspect, text: `${aspect}: ${told.join('; ')}` }];
}

function calledBy(words: ThingWords, { thing }: Listed): ChangedThing {
  const id = valueText(own(thing, words.identity));
  return { noun: words.noun, id, name: valueText(own(thing, words.name) ?? id) };
}

function listed(json: Json | undefined, words: ThingWords): readonly Listed[] {
  const seen = new Map<string, number>();
  const entries = (Array.isArray(json) ? json : []).map((item, index): Listed => {
    const thing = objectOf(item);
    const identity = valueText(own(thing, words.identity));
    const count = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, count);
    return { id: count === 1 ? identity : `${identity} (${count})`, index, thing };
  });
  const ordered = words.isOrdered === true ? entries.toSorted((a, b) => orderOf(a) - orderOf(b)) : entries;
  return ordered.map((entry) => ({ ...entry, thing: words.whole?.(entry.thing) ?? entry.thing }));
}

function orderOf({ thing, index }: Listed): number {
  const order = own(thing, 'order');
  return typeof order === 'number' ? order : index + 1;
}

function textsOf(json: Json | undefined): readonly string[] {
  return Array.isArray(json) ? json.map(valueText) : [];
}

function objectOf(json: Json | undefined): JsonObject {
  return isObject(json) ? json : {};
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function own<Value>(object: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
