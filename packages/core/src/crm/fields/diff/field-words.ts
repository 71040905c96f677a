import { type Aspects, type JsonObject, list, named, type ThingWords, value, valueText } from './aspect-words.js';

const optionWords: ThingWords = {
  noun: 'option',
  plural: 'options',
  identity: 'value',
  name: 'label',
  summary: () => [],
  aspects: {
    label: named('label'),
    synonyms: list('synonyms'),
    retired: { kind: 'switch', words: 'retired', on: 'retired', off: 'back in use' },
  },
};

/** How fields are told, those of a line and those of a task. */
export const fieldWords: ThingWords = {
  noun: 'field',
  plural: 'fields',
  identity: 'key',
  name: 'label',
  summary: fieldSummary,
  aspects: {
    label: named('label'),
    type: value('type'),
    required: { kind: 'switch', words: 'required', on: 'now required', off: 'no longer required' },
    retired: { kind: 'switch', words: 'retired', on: 'retired', off: 'back in use' },
    section: value('section'),
    order: value('place in its section'),
    help: value('help'),
    control: value('control'),
    default: value('default'),
    synonyms: list('synonyms'),
    options: { kind: 'things', of: optionWords },
    validation: {
      kind: 'parts',
      parts: {
        min: value('minimum'),
        max: value('maximum'),
        minLength: value('shortest length'),
        maxLength: value('longest length'),
        pattern: value('pattern'),
        precision: value('digits behind the point'),
        before: value('must be before'),
        after: value('must be after'),
      },
    },
    pii: value('protection'),
  },
};

function fieldSummary(field: JsonObject): readonly string[] {
  const { type, required, section } = field;
  return [
    valueText(type),
    ...(required === true ? ['required'] : []),
    ...(section === undefined ? [] : [`in section ${valueText(section)}`]),
  ];
}

const uniqueWords: ThingWords = {
  noun: 'unique rule',
  plural: 'unique rules',
  identity: 'name',
  name: 'name',
  summary: ({ fields, scope, while: period }) => [
    `${valueText(fields)} once in the ${valueText(scope)}`,
    period === 'always' ? 'also in closed leads' : 'while open',
  ],
  aspects: { scope: value('scope'), fields: list('fields'), while: value('held while') },
};

/** How the fields side of a line is told. */
export const lineWords: Aspects = {
  slug: value('product line'),
  name: named('name'),
  roles: {
    kind: 'parts',
    parts: {
      name: value('role name'),
      phone: value('role phone'),
      email: value('role email'),
      amount: value('role amount'),
      region: value('role region'),
    },
  },
  fields: { kind: 'things', of: fieldWords },
  unique: { kind: 'things', of: uniqueWords },
  index: list('fields that lists filter by'),
  searchable: list('long texts that can be searched'),
};
