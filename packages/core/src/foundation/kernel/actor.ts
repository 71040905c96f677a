/** Who acts. Every command has one. */
export type Actor =
  | { readonly kind: 'user'; readonly id: string; readonly via?: ActorVia }
  | { readonly kind: 'partner'; readonly id: string; readonly via?: ActorVia }
  | { readonly kind: 'system'; readonly name: string };

/** Through which machine a trusted console acted; audited beside the asserted actor. */
export interface ActorVia {
  readonly host: string;
  readonly operatingSystemUser: string;
}

/** The actor as one text: `user:asha`, `partner:acme-nbfc`, `system:relay`. */
export type ActorRef = string;

export function actorRef(actor: Actor): ActorRef {
  return actor.kind === 'system' ? `system:${actor.name}` : `${actor.kind}:${actor.id}`;
}

export function systemActor(name: string): Actor {
  return { kind: 'system', name };
}
