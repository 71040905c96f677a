/** Every field type of the design. The last four are refused at publish until their capability exists. */
export const fieldTypeNames = [
  'text',
  'long-text',
  'integer',
  'decimal',
  'money',
  'percent',
  'boolean',
  'date',
  'date-time',
  'enum',
  'multi-enum',
  'phone',
  'email',
  'url',
  'pan',
  'aadhaar',
  'gstin',
  'ifsc',
  'pincode',
  'address',
  'file',
  'formula',
  'user',
  'lead',
] as const;
export type FieldTypeName = (typeof fieldTypeNames)[number];

/** A type of a plugin: the plugin's name, a dot, and the type's own, such as `acme.vehicle-number`. */
export type OwnFieldTypeName = `${string}.${string}`;
export type AnyFieldTypeName = FieldTypeName | OwnFieldTypeName;

/**
 * How a value is protected: `identifier`, `name`, `address` and `free-text` are sealed at rest; `none` is stored in the
 * clear.
 */
export const piiClasses = ['none', 'identifier', 'name', 'address', 'free-text'] as const;
export type PiiClass = (typeof piiClasses)[number];

export const inputControls = [
  'input',
  'textarea',
  'number',
  'money',
  'checkbox',
  'switch',
  'date',
  'date-time',
  'select',
  'radio',
  'multi-select',
  'checkboxes',
  'phone',
  'email',
  'address',
] as const;
export type InputControl = (typeof inputControls)[number];

export interface FieldOption {
  /** The stored value: immutable slug-like text. */
  readonly value: string;
  readonly label: string;
  /** Other spellings people type. */
  readonly synonyms?: readonly string[];
  /** A retired option is kept on old leads and refused on new input. */
  readonly retired?: boolean;
}

/**
 * What a value must satisfy. Bounds are written as a person types a value of the field's type: `min: "50,000"` on a
 * money field is fifty thousand rupees. On dates also `today`, and a whole number of days, months or years from it:
 * `max: today-18y` (born at least 18 years ago), `min: today-3m`, `max: today+90d`.
 */
export interface FieldValidation {
  readonly min?: string | number;
  readonly max?: string | number;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** A regular expression without look-around or back-references (RE2 syntax), matching the whole text. */
  readonly pattern?: string;
  /** Digits after the point, for decimal and percent. */
  readonly precision?: number;
  /** Key of a date field that this date must be before. */
  readonly before?: string;
  /** Key of a date field that this date must be after. */
  readonly after?: string;
}

/** A field as an admin defines it. */
export interface FieldDefinition {
  /** `[a-z][A-Za-z0-9]*`, at most 64 characters, immutable, unique in the line. */
  readonly key: string;
  readonly label: string;
  readonly type: AnyFieldTypeName;
  readonly help?: string;
  readonly control?: InputControl;
  readonly required?: boolean;
  /** As a person types it. */
  readonly default?: string | number | boolean | readonly string[];
  readonly options?: readonly FieldOption[];
  readonly validation?: FieldValidation;
  /** Heading under which a form shows the field. */
  readonly section?: string;
  /** Place in the section; the place in the file when absent. */
  readonly order?: number;
  /** Other headings under which a spreadsheet may hold the field. */
  readonly synonyms?: readonly string[];
  /** Overrides the type's own protection class. */
  readonly pii?: PiiClass;
  readonly retired?: boolean;
}

/** A published, immutable set of fields. */
export interface FieldSchema {
  readonly productLine: string;
  readonly version: number;
  readonly fields: readonly FieldDefinition[];
}
