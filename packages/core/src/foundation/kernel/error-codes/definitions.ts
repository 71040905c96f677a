/** Product lines: their fields and stages. */
export const definitionErrors = {
  LINE_NOT_FOUND: { category: 'not-found', retryable: false, meaning: 'No product line has this slug.' },
  DEFINITION_INVALID: {
    category: 'input',
    retryable: false,
    meaning: 'The product-line definition cannot be published; `details.problems` lists every reason.',
  },
  DEFINITION_CONFLICT: {
    category: 'conflict',
    retryable: false,
    meaning: 'Somebody else published this product line in the meantime.',
  },
  SCHEMA_VERSION_NOT_FOUND: {
    category: 'not-found',
    retryable: false,
    meaning: 'The product line has no such schema version.',
  },
  STAGE_NOT_FOUND: { category: 'not-found', retryable: false, meaning: 'The pipeline has no such stage.' },
  STAGE_EXISTS: { category: 'conflict', retryable: false, meaning: 'The pipeline already has a stage with this slug.' },
  STAGE_IN_USE: {
    category: 'conflict',
    retryable: false,
    meaning: 'Open leads stand in the stage; say where they go.',
  },
  FIELD_TYPE_MISSING: {
    category: 'config',
    retryable: false,
    meaning:
      'A field is of a type whose plugin is not loaded, so its values can be shown and not read, checked or compared.',
  },
  FIELD_TYPE_FAILED: {
    category: 'config',
    retryable: false,
    meaning: 'A field type of a plugin cannot tell how a value that it took before is looked for.',
  },
  FIELD_UNKNOWN: { category: 'input', retryable: false, meaning: 'The product line has no such field.' },
} as const;
