import { type PagedList, pagedList } from './crm/leads/index.js';
import type { Telemetry } from './foundation/telemetry/index.js';

/** Methods that give a list at once, whose pages are read one by one. */
const lists: ReadonlySet<string> = new Set(['leads.list', 'leads.activities']);
/** Methods that go on until somebody stops them. */
const streams: ReadonlySet<string> = new Set(['events.watch']);

type Method = (...given: readonly unknown[]) => unknown;
type Tree = Readonly<Record<string, unknown>>;

/**
 * The services of an actor, whose calls are told of as commands by their path: `leads.create`, `imports.mappings.save`; a list page by page.
 * @param actor what kind of actor calls
 */
export function watchedServices<Services extends object>(
  services: Services,
  telemetry: Telemetry,
  actor: string,
): Services {
  const attributes = { actor };
  const watched = (tree: Tree, above: string): Tree =>
    Object.fromEntries(
      Object.entries(tree).map(([name, value]) => {
        const path = `${above}${name}`;
        if (isMethod(value)) return [name, watchedMethod(value, path)];
        return [name, isTree(value) ? watched(value, `${path}.`) : value];
      }),
    );
  const watchedMethod = (method: Method, path: string): Method => {
    const watch = <Result>(work: () => Promise<Result>): Promise<Result> =>
      telemetry.watch({ kind: 'command', name: path, attributes }, work);
    if (streams.has(path)) return method;
    if (!lists.has(path)) return (...given) => watch(async () => method(...given));
    return (...given) => {
      const list = method(...given) as PagedList<unknown>;
      return pagedList((request) => watch(() => list.page(request)));
    };
  };
  return watched(services as Tree, '') as Services;
}

function isMethod(value: unknown): value is Method {
  return typeof value === 'function';
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}
