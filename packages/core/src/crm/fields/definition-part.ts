import type { Json, Problem } from '../../foundation/kernel/index.js';
import type { DefinitionPartName } from './definition-store.js';
import type { FieldContext } from './field-type.js';

/** A section of the definition file as it is checked before a publish. */
export interface PartChange {
  readonly productLine: string;
  readonly section: Json;
  /** The published section, normalised; null for a new line. */
  readonly previous: Json | null;
  readonly context: FieldContext;
}

/**
 * A section of the definition file that another capability owns. The engine publishes it together with the fields, all or
 * none.
 */
export interface DefinitionPart {
  /** The key in the file and the name of its versions. */
  readonly name: Exclude<DefinitionPartName, 'fields'>;
  /** Why the section cannot be published; paths begin with {@link name}. Pure. */
  lint(change: PartChange): readonly Problem[];
  /** The section as it is stored: nothing left unsaid, equal for equal meaning. Called only when lint found nothing. */
  normalise(section: Json): Json;
  /** Reasons that need a look at what exists, such as leads in a stage that would go. Called only when lint found nothing. */
  check(change: PartChange): Promise<readonly Problem[]>;
  /**
   * Called after a publish with the change it was checked with: what came at the very moment of the publish, between the check and the commit, is
   * looked for here.
   * @throws LmsError when something came that the section does not allow; the publish stands
   */
  published(change: PartChange): Promise<void>;
}
