import type { Problem } from '../../foundation/kernel/index.js';
import { type CompiledField, type CompiledFields, compileFields, type DateOrder } from './compiled-fields.js';
import { didYouMean } from './did-you-mean.js';
import type { FieldContext, FieldProblem, FieldType } from './field-type.js';
import type { EnteredTexts, FieldValue, FieldValues } from './field-value.js';
import { type FieldSet, maxFields } from './line-schema.js';
import { problemText } from './problem-text.js';
import { sameValue } from './same-value.js';

/** Values with what was typed for them. */
export interface HeldValues {
  readonly values: FieldValues;
  readonly entered: EnteredTexts;
}

export interface ValuesToCheck {
  readonly schema: FieldSet;
  /** By field key, as people type them or as exact values; nothing about it is trusted. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly context: FieldContext;
  /**
   * `create`: defaults fill what is absent or blank (an explicit null stays empty), and every required field must have a
   * value. `update`: only the given fields change; null and blank text empty a field.
   */
  readonly mode: 'create' | 'update';
  /** What the record has now. A value that the input repeats is kept without being checked again. */
  readonly existing?: HeldValues;
}

/** Usable only when `problems` is empty. */
export interface CheckedValues extends HeldValues {
  /** Every problem at once; `path` is the field key. No personal data of sealed fields in the clear. */
  readonly problems: readonly Problem[];
  /** Keys whose value was set, changed or emptied. */
  readonly changed: readonly string[];
}

const nothingHeld: HeldValues = { values: {}, entered: {} };
const nothingTyped = { ok: true, empty: true } as const;

/** Reads and checks field values against their fields. Pure. */
export function checkValues(request: ValuesToCheck): CheckedValues {
  return new ValuesCheck(request).run();
}

/** One check under way. */
class ValuesCheck {
  readonly #compiled: CompiledFields;
  readonly #request: ValuesToCheck;
  readonly #existing: HeldValues;
  readonly #values: Record<string, FieldValue>;
  readonly #entered: Record<string, string>;
  readonly #problems: Problem[] = [];
  readonly #changed: string[] = [];

  constructor(request: ValuesToCheck) {
    this.#request = request;
    this.#compiled = compileFields(request.schema);
    this.#existing = request.existing ?? nothingHeld;
    this.#values = { ...this.#existing.values };
    this.#entered = { ...this.#existing.entered };
  }

  run(): CheckedValues {
    this.#refuseUnknownKeys();
    const { input, mode } = this.#request;
    for (const compiled of this.#compiled.list) {
      const { key } = compiled.field;
      const given = Object.hasOwn(input, key) ? input[key] : undefined;
      if (mode === 'create') this.#fill(key, compiled, given);
      else if (given !== undefined) this.#apply(key, compiled, given);
    }
    for (const order of this.#compiled.dateOrders) this.#checkOrder(order);
    return { values: this.#values, entered: this.#entered, problems: this.#problems, changed: this.#changed };
  }

  #refuseUnknownKeys(): void {
    const keys = Object.keys(this.#request.input);
    if (keys.length > maxFields) {
      this.#problems.push({ path: '', rule: 'too-many-fields', message: `at most ${maxFields} fields can be given` });
      return;
    }
    for (const key of keys) {
      if (this.#compiled.byKey.has(key)) continue;
      const name = key.length > 64 ? `${key.slice(0, 64)}…` : key;
      this.#problems.push({
        path: name,
        rule: 'unknown-field',
        message: `there is no field ${JSON.stringify(name)}${didYouMean(key, this.#compiled.byKey.keys())}`,
      });
    }
  }

  #fill(key: string, compiled: CompiledField, given: unknown): void {
    const { default: fallback, required, retired } = compiled.field;
    if (given !== undefined) this.#apply(key, compiled, given);
    if (key in this.#values || retired || given === null) {
      if (given === null && required) this.#refuseEmpty(key, compiled);
      return;
    }
    if (fallback !== undefined && this.#isBlank(compiled, given))
      this.#apply(key, compiled, fallback, this.#contextOfDefault(compiled));
    else if (required && this.#isBlank(compiled, given)) this.#refuseEmpty(key, compiled);
  }

  #isBlank(compiled: CompiledField, given: unknown): boolean {
    if (given === undefined) return true;
    const read = compiled.type.parse(given, compiled.field, this.#request.context);
    return read.ok && 'empty' in read;
  }

  /** A default stands in the definition, whose dates are day first whatever the order of a file is. */
  #contextOfDefault({ type }: CompiledField): FieldContext {
    const { context } = this.#request;
    if (!isOrdered(type)) return context;
    const { dateOrderOf: _own, ...rest } = context;
    return { ...rest, dateOrder: 'dmy' };
  }

  /** Takes one given value: unchanged, emptied, refused or set. */
  #apply(key: string, compiled: CompiledField, given: unknown, context: FieldContext = this.#request.context): void {
    const { field, type } = compiled;
    const held = this.#existing.values[key];
    if (held !== undefined && this.#isRepeated(compiled, given, held)) return;
    const read = given === null ? nothingTyped : type.parse(given, field, context);
    if (!read.ok) {
      this.#refuse(key, read.problem);
      return;
    }
    if ('empty' in read) {
      this.#empty(key, compiled);
      return;
    }
    if (held !== undefined && sameValue(read.value, held)) {
      this.#entered[key] = read.entered;
      return;
    }
    const problems = this.#problemsOf(compiled, read.value, held);
    for (const problem of problems) this.#refuse(key, problem);
    if (problems.length > 0) return;
    this.#values[key] = read.value;
    this.#entered[key] = read.entered;
    this.#changed.push(key);
  }

  /** The exact value again, or the text typed for it; a date's text may mean another day in another order. */
  #isRepeated({ field, type }: CompiledField, given: unknown, held: FieldValue): boolean {
    if (given === held || sameValue(given, held)) return true;
    return given === this.#existing.entered[field.key] && !isOrdered(type);
  }

  #problemsOf(compiled: CompiledField, value: FieldValue, held: FieldValue | undefined): readonly FieldProblem[] {
    const { field, type, withAllOptions, retiredOptions } = compiled;
    const problems = type.validate(value, withAllOptions, this.#request.context);
    if (!field.retired && retiredOptions.size === 0) return problems;
    return [...retirementProblems(compiled, value, held), ...problems];
  }

  #empty(key: string, compiled: CompiledField): void {
    if (this.#request.mode === 'update' && compiled.field.required && !compiled.field.retired) {
      this.#refuseEmpty(key, compiled);
      return;
    }
    if (!(key in this.#values)) return;
    delete this.#values[key];
    delete this.#entered[key];
    this.#changed.push(key);
  }

  #refuse(key: string, problem: FieldProblem): void {
    this.#problems.push({ path: key, rule: problem.rule, message: problemText(problem) });
  }

  #refuseEmpty(key: string, compiled: CompiledField): void {
    this.#problems.push({ path: key, rule: 'required', message: `${compiled.field.label} is required` });
  }

  #checkOrder({ earlier, later, subject, rule }: DateOrder): void {
    const first = this.#values[earlier.field.key];
    const second = this.#values[later.field.key];
    if (typeof first !== 'string' || typeof second !== 'string' || first < second) return;
    const touched = this.#changed.includes(earlier.field.key) || this.#changed.includes(later.field.key);
    if (this.#request.mode === 'update' && !touched) return;
    const other = subject === earlier ? later : earlier;
    const shown = (side: CompiledField, value: string): string => (side.sealed ? side.type.mask(value) : value);
    this.#problems.push({
      path: subject.field.key,
      rule,
      message: `${subject.field.label} (${shown(subject, subject === earlier ? first : second)}) must be ${rule} ${
        other.field.label
      } (${shown(other, other === later ? second : first)})`,
    });
  }
}

/** Whose typed text means what the order of the file says. */
function isOrdered({ base }: FieldType): boolean {
  return base === 'date' || base === 'date-time';
}

function retirementProblems(compiled: CompiledField, value: FieldValue, held: FieldValue | undefined): FieldProblem[] {
  const { field, retiredOptions } = compiled;
  if (field.retired) {
    return [{ rule: 'retired-field', message: `${field.label} is retired and takes no new values`, expected: '' }];
  }
  if (retiredOptions.size === 0) return [];
  const before = optionsIn(held);
  return optionsIn(value)
    .filter((option) => retiredOptions.has(option) && !before.includes(option))
    .map((option) => ({
      rule: 'retired-option',
      message: `${field.label}: the option "${option}" is retired`,
      expected: `one of ${liveOptions(field.options ?? []).join(', ')}`,
    }));
}

function optionsIn(value: FieldValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value : [];
}

const optionsShown = 12;

function liveOptions(options: readonly { readonly value: string; readonly retired?: boolean }[]): readonly string[] {
  const live = options.filter((option) => !option.retired).map((option) => option.value);
  return live.length > optionsShown ? [...live.slice(0, optionsShown), '…'] : live;
}
