import { didYouMean } from '../did-you-mean.js';
import type { FieldDefinition, OwnFieldTypeName } from '../field-definition.js';
import type { FieldType } from '../field-type.js';
import { bindType, isOwnTypeName } from './bound-types.js';
import { checkSamples } from './check-samples.js';
import type { KeptFieldType, KeptFieldTypes } from './kept-field-types.js';
import { howToLoad, missingFieldType, pluginOf } from './missing-field-type.js';
import { ownFieldType } from './own-field-type.js';
import type { PluginFieldType } from './plugin-field-type.js';

/** A plugin as far as its field types go. */
export interface PluginWithTypes {
  readonly name: string;
  readonly fieldTypes?: readonly PluginFieldType[];
}

interface KnownType {
  readonly type: FieldType;
  readonly kept: KeptFieldType;
}

/** The field types that the plugins of a store bring. */
export class OwnFieldTypes {
  readonly #types: ReadonlyMap<string, KnownType>;
  readonly #plugins: ReadonlySet<string>;

  /** @throws LmsError `CONFIG_INVALID` for a type that breaks its own laws on its samples */
  constructor(plugins: readonly PluginWithTypes[] = []) {
    const types = plugins.flatMap((plugin) => plugin.fieldTypes ?? []);
    for (const type of types) checkSamples(type);
    this.#types = new Map(
      types.map((type) => [
        type.name,
        { type: ownFieldType(type), kept: { base: type.base, pii: type.pii } satisfies KeptFieldType },
      ]),
    );
    this.#plugins = new Set(plugins.map(({ name }) => name));
  }

  /** By name. */
  get all(): readonly FieldType[] {
    return [...this.#types.keys()].sort().flatMap((name) => this.#types.get(name)?.type ?? []);
  }

  /**
   * Gives each field of a plugin's type that type, or one that shows values and reads none where it is not to be had.
   * @param kept what the version of the line remembers of them
   */
  bind(fields: readonly FieldDefinition[], kept: KeptFieldTypes = {}): void {
    for (const field of fields) {
      if (isOwnTypeName(field.type)) bindType(field, this.#typeFor(field.type, kept[field.type]));
    }
  }

  /**
   * What a version with these fields is to remember: the base stays what it was, since leads hold values of it, and the protection is what
   * the plugin says today. Undefined where no field is of a plugin's type.
   */
  keep(fields: readonly FieldDefinition[], before: KeptFieldTypes = {}): KeptFieldTypes | undefined {
    const names = [...new Set(fields.map(({ type }) => type).filter(isOwnTypeName))].sort();
    const kept = names.flatMap((name): readonly (readonly [OwnFieldTypeName, KeptFieldType])[] => {
      const one = { ...before[name], ...this.#types.get(name)?.kept };
      const { pii } = one;
      const base = before[name]?.base ?? one.base;
      return base === undefined || pii === undefined ? [] : [[name, { base, pii }]];
    });
    return kept.length === 0 ? undefined : Object.fromEntries(kept);
  }

  #typeFor(name: OwnFieldTypeName, kept: KeptFieldType | undefined): FieldType {
    const known = this.#types.get(name);
    if (known === undefined) return missingFieldType(name, this.#whyMissing(name), kept);
    if (kept === undefined) return known.type;
    if (kept.base !== known.kept.base) {
      const why = `leads hold values of it that are ${kept.base}, and plugin "${pluginOf(name)}" now builds it on ${known.kept.base}`;
      return missingFieldType(name, why, kept);
    }
    return kept.pii === known.kept.pii ? known.type : { ...known.type, pii: kept.pii };
  }

  #whyMissing(name: OwnFieldTypeName): string {
    const plugin = pluginOf(name);
    if (!this.#plugins.has(plugin)) return `the plugin "${plugin}" is not loaded; ${howToLoad}`;
    const own = [...this.#types.keys()].filter((known) => known.startsWith(`${plugin}.`));
    return `the plugin "${plugin}" has no such type${didYouMean(name, own)}`;
  }
}

/** Of a store without plugins. */
export const noOwnFieldTypes: OwnFieldTypes = new OwnFieldTypes();
