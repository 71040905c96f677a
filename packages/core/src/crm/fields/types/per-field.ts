import type { FieldDefinition } from '../field-definition.js';
import type { FieldContext } from '../field-type.js';

interface Kept<Made> {
  readonly context: FieldContext;
  readonly made: Made;
}

/**
 * Keeps what is computed from a field definition (its bounds, its pattern, its options) for as long as the definition
 * lives, so that checking a lead computes nothing twice. Computed anew when the context changes, as `today` does.
 */
export function perField<Made>(
  make: (field: FieldDefinition, context: FieldContext) => Made,
): (field: FieldDefinition, context: FieldContext) => Made {
  const kept = new WeakMap<FieldDefinition, Kept<Made>>();
  return (field, context) => {
    const known = kept.get(field);
    if (known !== undefined && isSame(known.context, context)) return known.made;
    const made = make(field, context);
    kept.set(field, { context: { ...context }, made });
    return made;
  };
}

/** {@link perField} for what does not depend on the context. */
export function perDefinition<Made>(make: (field: FieldDefinition) => Made): (field: FieldDefinition) => Made {
  const kept = new WeakMap<FieldDefinition, { readonly made: Made }>();
  return (field) => {
    const known = kept.get(field) ?? { made: make(field) };
    kept.set(field, known);
    return known.made;
  };
}

function isSame(a: FieldContext, b: FieldContext): boolean {
  return a.today === b.today && a.currency === b.currency && a.dateOrder === b.dateOrder && a.timeZone === b.timeZone;
}
