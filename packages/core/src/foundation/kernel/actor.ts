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

/** The actor that {@link actorRef} made the text of, as what is stored tells of one. */
export function actorOf({ actor, via }: { readonly actor: ActorRef; readonly via: ActorVia | null }): Actor {
  const colon = actor.indexOf(':');
  const id = actor.slice(colon + 1);
  const kind = actor.slice(0, colon);
  if (kind !== 'user' && kind !== 'partner') return { kind: 'system', name: id };
  return via === null ? { kind, id } : { kind, id, via };
}

export function systemActor(name: string): Actor {
  return { kind: 'system', name };
}
