import { type Decimal, divideDecimals } from '../../foundation/kernel/index.js';
import type { Pipeline } from '../pipeline/index.js';
import type { FunnelStageFacts } from './report-store.js';

/** One stage of a funnel. Conversions are percent in points with one digit (`"42.5"`), null where nothing came before. */
export interface FunnelStage {
  readonly stage: string;
  readonly name: string;
  readonly colour: string;
  readonly active: boolean;
  readonly terminal: 'won' | 'lost' | null;
  /** Leads that were ever in the stage. */
  readonly entered: number;
  /** Leads that stand there now. */
  readonly current: number;
  readonly currentAmountPaise: number;
  /** Of the leads of the stage before it that is no dead end. Above 100 where a stage can be reached around that one. */
  readonly conversionFromPrevious: Decimal | null;
  readonly conversionFromFirst: Decimal | null;
}

/**
 * Puts what is known of each stage into the order of the pipeline. Retired stages are listed while leads were ever in them.
 * Lost stages have no place in the row of conversions: every stage leads there. Pure.
 */
export function funnelOf(pipeline: Pipeline, facts: readonly FunnelStageFacts[]): readonly FunnelStage[] {
  const known = new Map(facts.map((one) => [one.stage, one]));
  let first: number | null = null;
  let previous: number | null = null;
  const stages: FunnelStage[] = [];
  for (const stage of [...pipeline.stages].sort((a, b) => a.order - b.order)) {
    const { entered, current, currentAmountPaise } = known.get(stage.slug) ?? nobody;
    if (!stage.active && entered === 0) continue;
    const { slug, name, colour, active, terminal } = stage;
    stages.push({
      ...{ stage: slug, name, colour, active, terminal, entered, current, currentAmountPaise },
      conversionFromPrevious: percentOf(entered, terminal === 'lost' ? null : previous),
      conversionFromFirst: percentOf(entered, first),
    });
    if (terminal === 'lost') continue;
    first ??= entered;
    previous = entered;
  }
  return stages;
}

const nobody = { entered: 0, current: 0, currentAmountPaise: 0 };

function percentOf(part: number, whole: number | null): Decimal | null {
  if (whole === null || whole === 0) return null;
  return divideDecimals(String(part * 100), String(whole), { scale: 1, rounding: 'HALF_UP' });
}
