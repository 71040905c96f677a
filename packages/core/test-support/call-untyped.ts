/** Calls a method as code without types may: with anything. */
export async function callUntyped(service: object, name: string, ...given: readonly unknown[]): Promise<unknown> {
  const method: unknown = Reflect.get(service, name);
  if (typeof method !== 'function') throw new TypeError(`${name} is no method`);
  return Reflect.apply(method, service, given);
}
