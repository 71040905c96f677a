import type { Clock } from '../kernel/index.js';
import type { ResolvedTarget } from './outbound-target.js';
import { TargetGate } from './target-gate.js';

/** Of hosts that were not called for longest, what is remembered is forgotten beyond this many. */
const mostHosts = 1_000;

/**
 * The gates of a target: one for its base URL, or one for each host where requests name URLs of their own, so that a host that is down
 * or slow takes no place from the others.
 */
export class TargetGates {
  readonly #target: ResolvedTarget;
  readonly #clock: Clock;
  /** In the order of their last use. */
  readonly #gates = new Map<string, TargetGate>();

  constructor(target: ResolvedTarget, clock: Clock) {
    this.#target = target;
    this.#clock = clock;
  }

  /** @param host of the URL, with its port */
  of(host: string): TargetGate {
    const name = this.#target.baseUrl === null ? host : '';
    const gate = this.#gates.get(name) ?? new TargetGate(this.#target, this.#clock);
    this.#gates.delete(name);
    this.#gates.set(name, gate);
    const [oldest] = this.#gates.keys();
    if (this.#gates.size > mostHosts && oldest !== undefined) this.#gates.delete(oldest);
    return gate;
  }
}
