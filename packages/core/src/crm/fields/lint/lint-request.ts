import type { FieldContext } from '../field-type.js';
import type { LineSchema } from '../line-schema.js';

/** What lint looks at: the schema that would be published, beside the one it would replace. */
export interface LintRequest {
  readonly schema: LineSchema;
  readonly previous: LineSchema | null;
  /** Whether the line has leads; what they were checked and made unique by cannot change under them. */
  readonly hasLeads: boolean;
  readonly context: FieldContext;
}
