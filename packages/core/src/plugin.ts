import { OwnFieldTypes, type PluginFieldType, requireOwnTypes } from './crm/fields/index.js';
import type { CreateGuard, CreateSubject } from './crm/leads/index.js';
import type { AskedMove, MoveGuard, MoveSubject } from './crm/pipeline/index.js';
import { type Consumer, consumersByName } from './foundation/events/index.js';
import { handlersByKind, type JobHandler } from './foundation/jobs/index.js';
import { LmsError } from './foundation/kernel/index.js';
import { ownJobKinds } from './own-job-kinds.js';
import { requirePlugins } from './plugin-shape.js';

/**
 * May refuse a new lead or a move. It answers with the reason, a sentence for people without personal data, or null to let it pass. It is
 * asked inside a transaction and possibly more than once, so it does no I/O and has no effects. One that throws, or answers with anything
 * else, refuses: what cannot be checked does not happen.
 */
export interface PluginGuard {
  readonly name: string;
  /** Asked of each lead that is created, also by imports. */
  create?(lead: CreateSubject): string | null;
  /** Asked of each move. */
  move?(lead: MoveSubject, move: AskedMove): string | null;
}

/** Extends LMS in one piece; see {@link definePlugin}. */
export interface Plugin {
  /** Lower-case letters, digits and `-`, at most 40; unlike any other plugin's. */
  readonly name: string;
  /** Kinds of fields, which product lines may use as they do the built-in ones. */
  readonly fieldTypes?: readonly PluginFieldType[];
  readonly guards?: readonly PluginGuard[];
  readonly consumers?: readonly Consumer[];
  /** Handlers of jobs of its own kinds. */
  readonly jobs?: readonly JobHandler[];
}

/** What all plugins bring. */
export interface PluginParts {
  readonly createGuards: readonly CreateGuard[];
  readonly moveGuards: readonly MoveGuard[];
  readonly fieldTypes: OwnFieldTypes;
}

/**
 * Names what a plugin may hold, so that it is checked where it is written; `createLms({ plugins: [...] })` takes it.
 *
 * ```ts
 * const cautious = definePlugin({
 *   name: 'cautious',
 *   guards: [{ name: 'no-night-moves', move: (lead) => (lead.score === null ? 'score it first' : null) }],
 * });
 * ```
 */
export function definePlugin<const Given extends Plugin>(plugin: Given): Given {
  return plugin;
}

const namePattern = /^[a-z][a-z0-9-]{0,39}$/;

/**
 * The guards and the field types of all plugins, which are checked.
 * @throws LmsError `CONFIG_INVALID` for what is no plugin, for a name that is none or is given twice, and for a field type that fails at its
 * own samples
 */
export function pluginParts(plugins: readonly Plugin[]): PluginParts {
  requirePlugins(plugins);
  const createGuards: CreateGuard[] = [];
  const moveGuards: MoveGuard[] = [];
  requireNames(
    'plugins',
    plugins.map(({ name }) => name),
  );
  for (const plugin of plugins) {
    const { name, guards = [] } = plugin;
    requireOwnTypes(plugin);
    requireNames(
      `the guards of the plugin ${name}`,
      guards.map((guard) => guard.name),
    );
    for (const guard of guards) {
      const full = `${name}/${guard.name}`;
      if (guard.create !== undefined) {
        createGuards.push((lead) =>
          refusals(full, () => guard.create?.(lead)).map(({ code, message }) => ({ path: full, rule: code, message })),
        );
      }
      if (guard.move !== undefined) {
        moveGuards.push((lead, move) =>
          refusals(full, () => guard.move?.(lead, move)).map((reason) => ({
            ...reason,
            details: { plugin: name, guard: guard.name },
          })),
        );
      }
    }
  }
  return { createGuards, moveGuards, fieldTypes: new OwnFieldTypes(plugins) };
}

/** Consumers of the options and of all plugins. @throws LmsError `CONFIG_INVALID` when two have one name, `INPUT_INVALID` */
export function allConsumers(
  consumers: readonly Consumer[] | undefined,
  plugins: readonly Plugin[],
): ReturnType<typeof consumersByName> {
  return consumersByName([...(consumers ?? []), ...plugins.flatMap((plugin) => plugin.consumers ?? [])]);
}

/** Job handlers of the options and of all plugins. @throws LmsError `CONFIG_INVALID` when two run the same kind */
export function allHandlers(
  handlers: readonly JobHandler[] | undefined,
  plugins: readonly Plugin[],
): readonly JobHandler[] {
  const all = [...(handlers ?? []), ...plugins.flatMap((plugin) => plugin.jobs ?? [])];
  return [...handlersByKind(all, ownJobKinds).values()];
}

/** The reason that a guard gives, if it refuses or cannot tell. */
function refusals(guard: string, ask: () => unknown): readonly { readonly code: string; readonly message: string }[] {
  let answer: unknown;
  try {
    answer = ask();
    // One that is async has no answer yet; nobody waits for it, and what it rejects with must not end the process.
    if (answer instanceof Promise) answer.catch(() => undefined);
  } catch {
    // Its message may quote what a person typed.
    return [{ code: 'GUARD_FAILED', message: `the guard ${guard} failed, so it lets nothing pass` }];
  }
  if (answer === null) return [];
  if (typeof answer === 'string') return [{ code: 'GUARD_REFUSED', message: `${answer} (${guard})` }];
  return [
    {
      code: 'GUARD_FAILED',
      message: `the guard ${guard} answers with neither a reason nor null, so it lets nothing pass`,
    },
  ];
}

function requireNames(what: string, names: readonly string[]): void {
  for (const [at, name] of names.entries()) {
    if (!namePattern.test(name)) {
      throw new LmsError('CONFIG_INVALID', {
        message: `${what}: ${JSON.stringify(name)} is no name; expected lower-case letters, digits and -, such as my-plugin`,
        path: 'plugins',
      });
    }
    if (names.indexOf(name) !== at) {
      throw new LmsError('CONFIG_INVALID', { message: `${what}: two are called ${name}`, path: 'plugins' });
    }
  }
}
