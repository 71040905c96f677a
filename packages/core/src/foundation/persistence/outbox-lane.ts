/** Lanes of an outbox: as many relays can work side by side. Stored with each row, so the number stays. */
export const outboxLanes = 8;

/** The lane of an aggregate's events: always the same, so that one relay at a time has them, in order. */
export function outboxLane(aggregateId: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < aggregateId.length; at += 1) {
    hash = Math.imul(hash ^ aggregateId.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0) % outboxLanes;
}
