import { cleanText, LmsError } from '../../../foundation/kernel/index.js';
import type { FieldDefinition } from '../field-definition.js';
import type { FieldContext, FieldType } from '../field-type.js';
import { fieldTypes } from '../types/index.js';
import { type Asked, asked, askedText, failed } from './asked-plugin.js';
import type { OwnTypeBase } from './kept-field-types.js';
import type { OwnTypeContext, OwnTypeReading, OwnTypeValues, PluginFieldTypeOf } from './plugin-field-type.js';

export type OwnValue = OwnTypeValues[OwnTypeBase];
type Reading = OwnTypeReading<OwnValue>;

/** The longest text that a type is asked to read, and that it may print. */
export const longestText = 1000;
const longestProblem = 300;
const longestMask = 200;

/** The functions of a plugin's type, each asked so that nothing it does goes further. */
export class AskedType {
  readonly definition: PluginFieldTypeOf<OwnTypeBase>;
  readonly base: FieldType;
  /** Nothing that a field says of bounds or protection decides what a value of the base is. */
  readonly #plain: FieldDefinition;

  constructor(definition: PluginFieldTypeOf<OwnTypeBase>) {
    this.definition = definition;
    this.base = fieldTypes[definition.base];
    this.#plain = { key: 'value', label: 'Value', type: definition.base, pii: 'identifier' };
  }

  /** What a text means, with every law tried that can be tried on it. */
  read(text: string, context: FieldContext): Asked<Reading> {
    const first = this.#parsed(text, context);
    if (!first.ok || 'problem' in first.answer) return first;
    const { value } = first.answer;
    if (!this.readsAs(this.canonical(value, context), value, context)) {
      return failed('it does not read its own value as the same value');
    }
    const key = this.indexKey(value);
    return key.ok ? first : key;
  }

  /** Whether a text means this value. */
  readsAs(text: string, value: OwnValue, context: FieldContext): boolean {
    const again = this.#parsed(text, context);
    return again.ok && 'value' in again.answer && again.answer.value === value;
  }

  /** The value's own text. */
  canonical(value: OwnValue, context: FieldContext): string {
    return this.base.print(value, this.#plain, context);
  }

  /** What is printed for people; null where the type leaves it to the base. */
  format(value: OwnValue): Asked<string> | null {
    const { definition } = this;
    if (definition.format === undefined) return null;
    return askedText('format', longestText, () => definition.format?.(value));
  }

  mask(value: OwnValue): Asked<string> | null {
    const { definition } = this;
    if (definition.mask === undefined) return null;
    const given = askedText('mask', longestMask, () => definition.mask?.(value));
    return given.ok && shows(given.answer, String(value)) ? failed('mask shows the value') : given;
  }

  indexKey(value: OwnValue): Asked<string> {
    const { definition } = this;
    if (definition.indexKey === undefined) return { ok: true, answer: this.base.normalise(value) };
    return askedText('indexKey', longestText, () => definition.indexKey?.(value));
  }

  #parsed(text: string, context: FieldContext): Asked<Reading> {
    const { currency, dateOrder, today, timeZone } = context;
    const about: OwnTypeContext = { currency, dateOrder, today, timeZone };
    const given = asked('parse', () => plainParts(this.definition.parse(text, about)));
    if (!given.ok) return given;
    const { answer } = given;
    if (typeof answer !== 'object' || answer === null)
      return failed('parse answered with neither a value nor a problem');
    if ('problem' in answer) return problemIn(answer);
    const value: unknown = 'value' in answer ? answer.value : undefined;
    if (!this.#isOfBase(value, context))
      return failed(`parse gave what is no value of the type ${this.definition.base}`);
    return { ok: true, answer: { value } };
  }

  #isOfBase(value: unknown, context: FieldContext): value is OwnValue {
    if (typeof value !== 'string' && typeof value !== 'number') return false;
    if (typeof value === 'string' && !value.isWellFormed()) return false;
    // Of three spellings of a day only its own is read alike in every order.
    const read = this.base.parse(value, this.#plain, { ...context, dateOrder: 'ymd' });
    if (!read.ok || !('value' in read) || read.value !== value) return false;
    return this.base.validate(value, this.#plain, context).length === 0;
  }
}

/** The parts of an answer, each read once and here: they may be getters, which throw what they like. */
function plainParts(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || answer instanceof Promise) return answer;
  return {
    ...('value' in answer ? { value: answer.value } : {}),
    ...('problem' in answer ? { problem: answer.problem } : {}),
    ...('expected' in answer ? { expected: answer.expected } : {}),
  };
}

function problemIn(answer: object & { readonly problem: unknown }): Asked<Reading> {
  const problem = askedText('problem', longestProblem, () => answer.problem);
  if (!problem.ok) return problem;
  if (!('expected' in answer) || answer.expected === undefined) {
    return { ok: true, answer: { problem: cleanText(problem.answer) } };
  }
  const expected = askedText('expected', longestProblem, () => answer.expected);
  if (!expected.ok) return expected;
  return { ok: true, answer: { problem: cleanText(problem.answer), expected: cleanText(expected.answer) } };
}

/** Letters and digits alone, whatever their case. */
export function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Whether a text shows another, however it is spaced. */
function shows(text: string, hidden: string): boolean {
  const sought = folded(hidden);
  return sought === '' ? text.includes(hidden) : folded(text).includes(sought);
}

/** @throws LmsError `FIELD_TYPE_FAILED` */
export function typeFailed(name: string, failure: string): never {
  throw new LmsError('FIELD_TYPE_FAILED', {
    message: `the field type ${name} of a plugin failed at a value that it had taken: ${failure}`,
    details: { type: name },
  });
}
