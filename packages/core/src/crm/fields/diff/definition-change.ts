import type { Json } from '../../../foundation/kernel/index.js';

/** Something in a definition that has a name of its own: a field, an option of it, a stage, a task of it, a unique rule. */
export interface ChangedThing {
  /** Such as `field`. */
  readonly noun: string;
  /** Its immutable key, value or slug. */
  readonly id: string;
  /** As people call it: its label in the newer definition, or in the older when it is gone. */
  readonly name: string;
}

/** One difference between two definitions of a product line. */
export interface DefinitionChange {
  /** `moved` is another order of a list's things. */
  readonly kind: 'added' | 'removed' | 'changed' | 'moved';
  /** Where it stands: `fields[3].validation.max`, in the newer definition; in the older when the kind is `removed`. */
  readonly path: string;
  /** What it is about, from the outside in; empty when it is about the line itself. */
  readonly things: readonly ChangedThing[];
  /** Which property of the innermost thing, in words: `maximum`; null when all of it is new or gone. */
  readonly aspect: string | null;
  /** Null when it was absent. For `moved` the keys in their order, without those that are new or gone. */
  readonly before: Json;
  /** Null when it is absent. */
  readonly after: Json;
  /** What changed, in words, without the things: `maximum: 50 lakh -> 75 lakh`. */
  readonly text: string;
}
