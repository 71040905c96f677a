import { cleanText, foldDigits, quoted } from '../../../foundation/kernel/index.js';
import { nearestWord } from '../did-you-mean.js';
import type { FieldDefinition, FieldOption } from '../field-definition.js';
import type { FieldProblem } from '../field-type.js';
import { perDefinition } from './per-field.js';

const mostNamed = 8;

interface OptionTable {
  readonly byText: ReadonlyMap<string, FieldOption>;
  readonly place: ReadonlyMap<string, number>;
  readonly active: readonly FieldOption[];
}

/** How option texts are compared: without case, spaces, hyphens, dots and underscores. */
function foldOption(text: string): string {
  const folded = foldDigits(cleanText(text)).toLowerCase();
  const bare = folded.replace(/[\s._-]+/g, '');
  return bare === '' ? folded : bare;
}

/** The option that a text names by its value, its label or a synonym. */
export function optionNamed(text: string, field: FieldDefinition): FieldOption | undefined {
  return tableOf(field).byText.get(foldOption(text));
}

/** The label, or the value where the label would not be read back to it. */
export function labelOf(value: string, field: FieldDefinition): string {
  const label = tableOf(field).byText.get(foldOption(value))?.label ?? value;
  return optionNamed(label, field)?.value === value ? label : value;
}

/** The values in the order of the field's options, each once. */
export function inOptionOrder(values: readonly string[], field: FieldDefinition): readonly string[] {
  const { place } = tableOf(field);
  return [...new Set(values)].sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
}

export function activeOptions(field: FieldDefinition): readonly FieldOption[] {
  return tableOf(field).active;
}

/** `Male, Female or Other`, at most eight of them. */
export function namedOptions(field: FieldDefinition): string {
  const { active } = tableOf(field);
  const labels = active.slice(0, mostNamed).map((option) => option.label);
  const more = active.length - labels.length;
  if (more > 0) return `${labels.join(', ')} or ${more} others`;
  const last = labels.pop() ?? 'nothing: every option is retired';
  return labels.length === 0 ? last : `${labels.join(', ')} or ${last}`;
}

/** `, perhaps "Salaried"`, or nothing. */
export function nearOption(text: string, field: FieldDefinition): string {
  const nearest = nearestWord(
    text,
    activeOptions(field).flatMap((option) => [option.label, ...(option.synonyms ?? [])]),
  );
  const option = nearest === null ? undefined : optionNamed(nearest, field);
  return option === undefined ? '' : `, perhaps ${quoted(option.label)}`;
}

/** Retired options are read, so that old values stay what they are, and refused as new ones. */
export function retiredProblem(value: string, field: FieldDefinition): FieldProblem | undefined {
  const option = tableOf(field).byText.get(foldOption(value));
  if (option !== undefined && option.value === value && option.retired !== true) return undefined;
  return {
    rule: 'option',
    message:
      option === undefined ? 'the value is not an option of the field' : `${quoted(option.label)} is no longer offered`,
    expected: namedOptions(field),
  };
}

export function lintOptions(field: FieldDefinition): readonly FieldProblem[] {
  const options = field.options ?? [];
  if (!options.some((option) => option.retired !== true)) {
    return [{ rule: 'options', message: 'no option is offered', expected: 'at least one option that is not retired' }];
  }
  const problems: FieldProblem[] = [];
  const owner = new Map<string, FieldOption>();
  for (const option of options) {
    for (const text of new Set([option.value, option.label, ...(option.synonyms ?? [])].map(foldOption))) {
      const other = owner.get(text);
      if (other === undefined) owner.set(text, option);
      else problems.push(repeated(text, other, option));
    }
  }
  return problems;
}

function repeated(text: string, first: FieldOption, second: FieldOption): FieldProblem {
  return {
    rule: 'options',
    message:
      first.value === second.value
        ? `the option ${quoted(first.value)} is there twice`
        : `${quoted(text)} stands for the options ${quoted(first.value)} and ${quoted(second.value)}`,
    expected: 'values, labels and synonyms that name one option each, without regard to case, spaces and hyphens',
  };
}

const tableOf: (field: FieldDefinition) => OptionTable = perDefinition((field) => {
  const options = field.options ?? [];
  return {
    byText: new Map(
      // The first of two options with one text wins; lint refuses such a field.
      [...options]
        .reverse()
        .flatMap((option) =>
          [...(option.synonyms ?? []), option.label, option.value].map((text): [string, FieldOption] => [
            foldOption(text),
            option,
          ]),
        ),
    ),
    place: new Map(options.map((option, index): [string, number] => [option.value, index])),
    active: options.filter((option) => option.retired !== true),
  };
});
