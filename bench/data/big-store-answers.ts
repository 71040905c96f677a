import type { Timing } from '../kit/timing.ts';
import { managedAgents, oneAgent, oneManager } from './staff.ts';

/** Who asks, and whose leads that shows: null is everybody's. */
export const askers: readonly Asker[] = [
  { who: 'admin (all leads)', id: 'root', owners: null, unowned: true },
  {
    who: 'manager (a team and what nobody owns)',
    id: oneManager,
    owners: [oneManager, ...managedAgents],
    unowned: true,
  },
  { who: 'agent (own leads)', id: oneAgent, owners: [oneAgent], unowned: false },
];

export interface Asker {
  readonly who: string;
  readonly id: string;
  readonly owners: readonly string[] | null;
  readonly unowned: boolean;
}

/** The filtered page that is asked for. */
export const wantedPage = { stage: 'new', city: 'Pune', limit: 50 } as const;
export const cardsPerColumn = 20;
/** How often each is asked, after some times that do not count; the plain queries take seconds. */
export const rounds = { warmUp: 5, counted: 50 } as const;
export const plainRounds = { warmUp: 1, counted: 5 } as const;

/** What was found, told so that two ways of finding it can be compared. */
export interface Answer {
  readonly board: Timing;
  readonly page: Timing;
  /** `stage count amountPaise` of each column that has leads. */
  readonly columns: readonly string[];
  /** Numbers of the leads on the page, in order. */
  readonly numbers: readonly string[];
}

export interface ReadSettings {
  readonly file: string;
}
