import type { BlockedChannel } from '../../../foundation/privacy/index.js';
import type { PlannedConsents, SayingColumn } from './planned-consents.js';
import type { SaidPlaces } from './row-consents.js';

/** How many rows said so. */
export interface SaidCount {
  /** Recorded with the lead that the row made; of a dry run, those that would be. */
  readonly recorded: number;
  /** Not recorded, as the row made no lead: it repeated one, or updated it. */
  readonly passedOver: number;
}

/** What is read of the consents of a file. */
export interface ReadConsent {
  readonly purpose: string;
  readonly partner: string | null;
  readonly wording: { readonly language: string; readonly version: number };
  /** null where every row says so. */
  readonly column: SayingColumn | null;
}

/** What is read of the blocks of a file. */
export interface ReadBlock {
  readonly channel: BlockedChannel;
  /** null where every row says so. */
  readonly column: SayingColumn | null;
}

export function readConsents({ consents }: PlannedConsents): readonly ReadConsent[] {
  return consents.map(({ terms: { purpose, partner, wording }, column }) => ({
    purpose,
    partner,
    wording: { language: wording.language, version: wording.version },
    column,
  }));
}

export function readBlocks({ blocks }: PlannedConsents): readonly ReadBlock[] {
  return blocks.map(({ channel, column }) => ({ channel, column }));
}

/** Counts what rows said, by its place in the plan. */
export class SaidCounts {
  readonly #consents: Map<number, SaidCount> = new Map();
  readonly #blocks: Map<number, SaidCount> = new Map();

  add({ consents, blocks }: SaidPlaces, what: keyof SaidCount): void {
    for (const place of consents) this.#consents.set(place, raised(this.consent(place), what));
    for (const place of blocks) this.#blocks.set(place, raised(this.block(place), what));
  }

  consent(place: number): SaidCount {
    return this.#consents.get(place) ?? none;
  }

  block(place: number): SaidCount {
    return this.#blocks.get(place) ?? none;
  }
}

const none: SaidCount = { recorded: 0, passedOver: 0 };

function raised(count: SaidCount, what: keyof SaidCount): SaidCount {
  return { ...count, [what]: count[what] + 1 };
}
