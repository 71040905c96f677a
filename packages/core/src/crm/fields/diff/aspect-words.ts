import type { Json } from '../../../foundation/kernel/index.js';

export type JsonObject = Readonly<Record<string, Json>>;

/** How a property of a definition is told when it differs. */
export type Aspect =
  /** One value: `maximum: 50 lakh -> 75 lakh`. */
  | { readonly kind: 'value'; readonly words: string }
  /** What people call the thing: `renamed "Salaried" -> "Employed"`. */
  | { readonly kind: 'name'; readonly words: string }
  /** A switch, with what it means to turn it on and off. */
  | { readonly kind: 'switch'; readonly words: string; readonly on: string; readonly off: string }
  /** A list of texts: `synonyms: added "Cell"; removed "Tel"`. */
  | { readonly kind: 'list'; readonly words: string }
  /** Properties of its own, each told by itself. */
  | { readonly kind: 'parts'; readonly parts: Aspects }
  /** A list of things, told one by one, and their order. */
  | { readonly kind: 'things'; readonly of: ThingWords };

/** Properties by their key in the file. A property without words is told by its key. */
export type Aspects = Readonly<Record<string, Aspect>>;

/** How the things of a list are told apart and called. */
export interface ThingWords {
  readonly noun: string;
  readonly plural: string;
  /** The property that stays the same for ever. */
  readonly identity: string;
  /** The property that people know it by. */
  readonly name: string;
  /** What to say of a new one beside its name. */
  readonly summary: (thing: JsonObject) => readonly string[];
  /** The thing with all that the file may leave unsaid; as it is when absent. */
  readonly whole?: (thing: JsonObject) => JsonObject;
  /** Whether the property `order` decides the place in the list; the place in the file is then no difference. */
  readonly isOrdered?: true;
  readonly aspects: Aspects;
}

export const value = (words: string): Aspect => ({ kind: 'value', words });
export const named = (words: string): Aspect => ({ kind: 'name', words });
export const list = (words: string): Aspect => ({ kind: 'list', words });

/** A value as a line of text has it. */
export function valueText(json: Json | undefined): string {
  if (json === undefined || json === null) return 'none';
  if (json === true) return 'yes';
  if (json === false) return 'no';
  if (Array.isArray(json)) return json.length === 0 ? 'none' : json.map(valueText).join(', ');
  return typeof json === 'object' ? JSON.stringify(json) : String(json);
}
