import { describe, expect, it } from 'vitest';
import type { Stage } from '../pipeline/index.js';
import { funnelOf } from './funnel.js';

function stage(slug: string, order: number, rest: Partial<Stage> = {}): Stage {
  return { slug, name: slug, colour: '#000000', order, active: true, terminal: null, next: [], tasks: [], ...rest };
}

const pipeline = {
  productLine: 'line',
  version: 3,
  stages: [
    stage('won', 5, { terminal: 'won' }),
    stage('new', 1),
    stage('old', 2, { active: false }),
    stage('lost', 3, { terminal: 'lost' }),
    stage('called', 4),
  ],
};

describe('funnelOf', () => {
  it('follows the order of the pipeline and converts past lost stages', () => {
    const funnel = funnelOf(pipeline, [
      { stage: 'new', entered: 8, current: 2, currentAmountPaise: 500 },
      { stage: 'called', entered: 3, current: 1, currentAmountPaise: 100 },
      { stage: 'lost', entered: 4, current: 4, currentAmountPaise: 0 },
      { stage: 'won', entered: 2, current: 2, currentAmountPaise: 900 },
    ]);
    expect(funnel.map((one) => [one.stage, one.entered, one.conversionFromPrevious, one.conversionFromFirst])).toEqual([
      ['new', 8, null, null],
      ['lost', 4, null, '50'],
      ['called', 3, '37.5', '37.5'],
      ['won', 2, '66.7', '25'],
    ]);
    expect(funnel[0]).toMatchObject({ current: 2, currentAmountPaise: 500, name: 'new' });
  });

  it('lists stages nobody entered, and retired ones only while somebody did', () => {
    expect(funnelOf(pipeline, []).map((one) => [one.stage, one.entered, one.conversionFromFirst])).toEqual([
      ['new', 0, null],
      ['lost', 0, null],
      ['called', 0, null],
      ['won', 0, null],
    ]);
    const facts = [{ stage: 'old', entered: 1, current: 0, currentAmountPaise: 0 }];
    expect(funnelOf(pipeline, facts).map((one) => one.stage)).toContain('old');
  });
});
