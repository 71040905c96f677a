import type { Actor } from './foundation/kernel/index.js';

/** The names of a service's methods that begin with who acts and answer with a promise. */
type ActorMethod<Service> = {
  [Name in keyof Service]: Service[Name] extends (actor: Actor, ...rest: never[]) => Promise<unknown> ? Name : never;
}[keyof Service] &
  string;

type WithoutActor<Method> = Method extends (actor: Actor, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;

/** A service as one actor uses it. */
export type ActorBound<Service, Name extends ActorMethod<Service>> = {
  readonly [Method in Name]: WithoutActor<Service[Method]>;
};

/** The named methods of a service with the actor filled in. The service is made when the first of them is called. */
export function bindActor<Service extends object, Name extends ActorMethod<Service>>(
  actor: Actor,
  load: () => Promise<Service>,
  names: readonly Name[],
): ActorBound<Service, Name> {
  const bound: Record<string, (...rest: readonly unknown[]) => Promise<unknown>> = {};
  for (const name of names) {
    bound[name] = async (...rest) => {
      const service = await load();
      const method: unknown = service[name];
      if (typeof method !== 'function') throw new TypeError(`${name} is not a method`);
      return Reflect.apply(method, service, [actor, ...rest]);
    };
  }
  return bound as ActorBound<Service, Name>;
}
