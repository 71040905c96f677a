import { describe, expect, it } from 'vitest';
import { decideMove, type MoveToDecide, movesFrom } from './decide-move.js';
import { deriveStatus } from './derive-status.js';
import { enterPipeline, enterStage } from './enter-stage.js';
import type { Pipeline, Stage } from './pipeline.js';
import type { StageTaskStatus, TaskState } from './stage-task.js';
import { stageOf } from './stored-pipeline.js';

function stage(slug: string, change: Partial<Stage> = {}): Stage {
  return {
    slug,
    name: slug,
    colour: '#64748b',
    order: 1,
    active: true,
    terminal: null,
    next: [],
    tasks: [],
    ...change,
  };
}

const pipeline: Pipeline = {
  productLine: 'loans',
  version: 3,
  stages: [
    stage('legacy', { active: false, next: ['contacted'] }),
    stage('new', {
      next: ['contacted', 'legacy', 'lost'],
      tasks: [
        { slug: 'call', name: 'First call', required: true, order: 1, fields: [] },
        { slug: 'mail', name: 'Send mail', required: false, order: 2, fields: [] },
      ],
    }),
    stage('contacted', { next: ['won', 'lost'] }),
    stage('won', { terminal: 'won' }),
    stage('lost', { terminal: 'lost', next: ['new'] }),
  ],
};

function task(change: Partial<TaskState> = {}): TaskState {
  return { id: 't1', template: 'call', name: 'First call', stage: 'new', required: true, status: 'pending', ...change };
}

function reasonsOf(move: Partial<MoveToDecide>): readonly string[] {
  const decision = decideMove({ pipeline, from: 'new', to: 'contacted', tasks: [], ...move });
  return decision.allowed ? [] : decision.reasons.map((reason) => reason.code);
}

describe('a move', () => {
  it('goes where the pipeline leads, once the required tasks of the stage are done', () => {
    expect(decideMove({ pipeline, from: 'new', to: 'contacted', tasks: [task({ status: 'completed' })] })).toEqual({
      allowed: true,
      stage: stageOf(pipeline, 'contacted'),
    });
  });

  it.each<[StageTaskStatus, boolean]>([
    ['pending', true],
    ['in_progress', true],
    ['completed', false],
    ['skipped', false],
    ['cancelled', false],
  ])('with a required task %s is held up: %s', (status, held) => {
    expect(reasonsOf({ tasks: [task({ status })] })).toEqual(held ? ['TASK_REQUIRED'] : []);
  });

  it('is not held up by optional tasks, nor by tasks of other stages', () => {
    expect(reasonsOf({ tasks: [task({ required: false }), task({ stage: 'legacy' })] })).toEqual([]);
  });

  it('to a lost stage needs no task done', () => {
    expect(reasonsOf({ to: 'lost', tasks: [task()] })).toEqual([]);
  });

  it.each([
    ['nowhere', 'STAGE_UNKNOWN'],
    ['__proto__', 'STAGE_UNKNOWN'],
    ['new', 'STAGE_SAME'],
    ['legacy', 'STAGE_INACTIVE'],
    ['won', 'STAGE_NOT_NEXT'],
  ])('to %s is refused: %s', (to, code) => {
    expect(reasonsOf({ to })).toEqual([code]);
  });

  it('is refused with every reason at once, each saying what to do', () => {
    const decision = decideMove({
      pipeline,
      from: 'new',
      to: 'won',
      tasks: [task(), task({ id: 't2', template: 'kyc', name: 'KYC', status: 'in_progress' })],
      guardReasons: [{ code: 'APPROVAL_OPEN', message: 'the manager has not approved' }],
      deleted: true,
    });
    expect(decision).toEqual({
      allowed: false,
      reasons: [
        { code: 'LEAD_DELETED', message: 'the lead is deleted; restore it first' },
        {
          code: 'STAGE_NOT_NEXT',
          message: '"new" does not lead to "won"; it can move to contacted, lost',
          details: { from: 'new', to: 'won' },
        },
        {
          code: 'TASK_REQUIRED',
          message: 'the task "First call" must be completed first',
          details: { task: 't1', template: 'call' },
        },
        {
          code: 'TASK_REQUIRED',
          message: 'the task "KYC" must be completed first',
          details: { task: 't2', template: 'kyc' },
        },
        { code: 'APPROVAL_OPEN', message: 'the manager has not approved' },
      ],
    });
  });

  it('out of a won, lost or retired stage needs to be allowed like any other', () => {
    expect(reasonsOf({ from: 'lost', to: 'new' })).toEqual([]);
    expect(reasonsOf({ from: 'lost', to: 'contacted' })).toEqual(['STAGE_NOT_NEXT']);
    expect(reasonsOf({ from: 'won', to: 'new' })).toEqual(['STAGE_NOT_NEXT']);
    expect(reasonsOf({ from: 'legacy', to: 'contacted' })).toEqual([]);
  });

  it('can be asked for without a lead: where a stage leads', () => {
    expect(movesFrom(pipeline, 'new')).toEqual(['contacted', 'lost']);
    expect(movesFrom(pipeline, 'won')).toEqual([]);
    expect(movesFrom(pipeline, 'nowhere')).toEqual([]);
  });
});

describe('entering', () => {
  const moment = (): { at: string; nextId: () => string } => {
    let made = 0;
    return {
      at: '2026-01-31T09:30:00.000Z',
      nextId: () => {
        made += 1;
        return `id-${made}`;
      },
    };
  };

  it('starts a new lead in the first active stage with a task from each template', () => {
    const { stage: first, tasks } = enterPipeline(pipeline, moment());
    expect(first).toBe('new');
    expect(tasks.map(({ id, template, required, status, stage: of }) => [id, template, required, status, of])).toEqual([
      ['id-1', 'call', true, 'pending', 'new'],
      ['id-2', 'mail', false, 'pending', 'new'],
    ]);
  });

  it('makes no task where a stage asks for none', () => {
    expect(enterStage(stageOf(pipeline, 'contacted'), moment())).toEqual([]);
  });
});

it.each([
  ['new', false, 'pending'],
  ['new', true, 'in_progress'],
  ['won', true, 'won'],
  ['lost', true, 'lost'],
  ['gone', true, 'in_progress'],
])('the status in %s (moved: %s) is %s', (slug, hasMoved, status) => {
  expect(deriveStatus(pipeline, { stage: slug, hasMoved })).toBe(status);
});
