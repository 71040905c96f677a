import { describe, expect, it } from 'vitest';
import type { Json } from '../../foundation/kernel/index.js';
import type { FieldContext } from '../fields/index.js';
import { PipelinePart } from './pipeline-part.js';
import type { PipelineSection, StageDefinition } from './pipeline-section.js';

const context: FieldContext = { currency: 'INR', dateOrder: 'dmy', today: '2026-01-31', timeZone: 'Asia/Kolkata' };
const part = new PipelinePart({
  occupants: { count: async () => 0, moveAll: async () => 0, arrived: async () => undefined },
});

const asJson = (section: unknown): Json => JSON.parse(JSON.stringify(section));

const fresh: StageDefinition = { slug: 'new', name: 'New', next: ['won', 'lost'] };
const won: StageDefinition = { slug: 'won', name: 'Won', terminal: 'won' };
const lost: StageDefinition = { slug: 'lost', name: 'Lost', terminal: 'lost' };

function problemsOf(
  stages: readonly unknown[],
  previous: PipelineSection | null = null,
): readonly (readonly string[])[] {
  const change = { productLine: 'loans', section: asJson({ stages }), previous: asJson(previous), context };
  return part.lint(change).map((problem) => [problem.path, problem.rule]);
}

describe('a pipeline', () => {
  it('of three stages is fine', () => {
    expect(problemsOf([fresh, won, lost])).toEqual([]);
  });

  const task = { slug: 'call', name: 'Call' };
  const cases: readonly (readonly [what: string, stages: readonly unknown[], path: string, rule: string])[] = [
    ['no stages', [], 'pipeline.stages', 'too-small'],
    ['a stage with an unknown key', [{ ...fresh, nxt: [] }, won, lost], 'pipeline.stages[0].nxt', 'unknown-key'],
    ['a slug that is none', [{ ...fresh, slug: 'New stage' }, won, lost], 'pipeline.stages[0].slug', 'invalid-format'],
    ['a colour that is none', [{ ...fresh, colour: 'red' }, won, lost], 'pipeline.stages[0].colour', 'invalid-format'],
    ['a slug used twice', [fresh, won, lost, { ...lost, name: 'Gone' }], 'pipeline.stages[3].slug', 'duplicate-stage'],
    [
      'a consent for a purpose that there is not',
      [fresh, { ...won, requiresConsent: ['kyc', 'credit-buro'] }, lost],
      'pipeline.stages[1].requiresConsent[1]',
      'unknown-purpose',
    ],
    [
      'a consent where new leads start',
      [{ ...fresh, requiresConsent: ['kyc'] }, won, lost],
      'pipeline.stages[0].requiresConsent',
      'first-stage-consent',
    ],
    [
      'a move to nowhere',
      [{ ...fresh, next: ['won', 'lost', 'wno'] }, won, lost],
      'pipeline.stages[0].next[2]',
      'unknown-next',
    ],
    [
      'a move to itself',
      [{ ...fresh, next: ['won', 'lost', 'new'] }, won, lost],
      'pipeline.stages[0].next[2]',
      'next-to-itself',
    ],
    [
      'a move named twice',
      [{ ...fresh, next: ['won', 'lost', 'won'] }, won, lost],
      'pipeline.stages[0].next[2]',
      'duplicate-next',
    ],
    [
      'a move to a retired stage',
      [fresh, won, { ...lost, active: false }],
      'pipeline.stages[0].next[1]',
      'inactive-next',
    ],
    [
      'a stage that no move leads to',
      [{ ...fresh, next: ['won'] }, won, lost],
      'pipeline.stages[2].slug',
      'unreachable-stage',
    ],
    ['no stage in use', [{ ...fresh, active: false, next: [] }], 'pipeline.stages', 'no-first-stage'],
    [
      'a first stage that decides',
      [{ ...won, next: ['new'] }, fresh, lost],
      'pipeline.stages[0].terminal',
      'no-first-stage',
    ],
    [
      'a task slug used twice',
      [{ ...fresh, tasks: [task] }, won, { ...lost, tasks: [task] }],
      'pipeline.stages[2].tasks[0].slug',
      'duplicate-task',
    ],
    [
      'a task field of a type that is not there yet',
      [{ ...fresh, tasks: [{ ...task, fields: [{ key: 'proof', label: 'Proof', type: 'file' }] }] }, won, lost],
      'pipeline.stages[0].tasks[0].fields[0].type',
      'type-not-available',
    ],
    ['a hostile key', [{ ...fresh, $where: '1' }, won, lost], 'pipeline.stages[0]["$where"]', 'forbidden-key'],
  ];

  it.each(cases)('with %s is refused', (_what, stages, path, rule) => {
    expect(problemsOf(stages)).toContainEqual([path, rule]);
  });

  it('starts in the first stage by order, wherever it stands in the file', () => {
    expect(
      problemsOf([
        { ...won, order: 2 },
        { ...lost, order: 3 },
        { ...fresh, order: 1 },
      ]),
    ).toEqual([]);
  });

  it('does not lose a stage, nor hand a task to another stage', () => {
    const call = { slug: 'call', name: 'Call' };
    const previous = { stages: [{ ...fresh, tasks: [call] }, won, lost, { slug: 'old', name: 'Old', active: false }] };
    expect(problemsOf([fresh, won, lost], previous)).toEqual([['pipeline.stages', 'removed-stage']]);
    expect(
      problemsOf([fresh, { ...won, tasks: [call] }, lost, { slug: 'old', name: 'Old', active: false }], previous),
    ).toEqual([['pipeline.stages[1].tasks[0].slug', 'reused-task']]);
  });

  it('is stored the same however it is spelt', () => {
    const spelt = [
      { ...won, order: 20 },
      { ...lost, order: 30, active: true, next: [] },
      { ...fresh, order: 10, tasks: [] },
    ];
    expect(part.normalise(asJson({ stages: spelt }))).toEqual(part.normalise(asJson({ stages: [fresh, won, lost] })));
    const stored = part.normalise(asJson({ stages: spelt }));
    expect(part.normalise(stored)).toEqual(stored);
  });
});

it('is checked against the leads that stand in its stages', async () => {
  const occupied = new PipelinePart({
    occupants: {
      count: async (_line, stage) => (stage === 'lost' ? 3 : 0),
      moveAll: async () => 0,
      arrived: async () => undefined,
    },
  });
  const previous = part.normalise(asJson({ stages: [fresh, won, lost] }));
  const check = async (stages: readonly StageDefinition[]): Promise<readonly string[]> => {
    const change = { productLine: 'loans', section: asJson({ stages }), previous, context };
    return (await occupied.check(change)).map((problem) => `${problem.path}: ${problem.message}`);
  };
  const { next: _next, ...alone } = fresh;
  expect(await check([fresh, won, lost])).toEqual([]);
  expect(await check([{ ...alone, next: ['lost'] }, { ...won, active: false }, lost])).toEqual([]);
  expect(await check([{ ...alone, next: ['won'] }, won, { ...lost, active: false }])).toEqual([
    'pipeline.stages[2].active: 3 leads stand in "lost"; retire the stage and say where they go',
  ]);
  expect(await check([fresh, won, { ...lost, terminal: null }])).toEqual([
    'pipeline.stages[2].terminal: 3 leads stand in "lost"; its outcome cannot change under them',
  ]);
});
