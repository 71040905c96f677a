import type { NewStage, Stage, StageList } from '@lms/core';
import { LmsError } from '@lms/core/kernel';
import { table } from '../output/index.js';
import type { Session } from '../session.js';
import { firstOf } from './first-of.js';

export interface LineOption {
  readonly product: string;
}

export interface StageAddOptions extends LineOption {
  readonly name: string;
  readonly colour?: string;
  readonly next?: string;
  readonly from?: string;
  readonly before?: string;
  readonly terminal?: string;
}

export interface StageUpdateOptions extends LineOption {
  readonly name?: string;
  readonly colour?: string;
  readonly next?: string;
  readonly terminal?: string;
}

export interface StageRetireOptions extends LineOption {
  readonly moveTo?: string;
  readonly yes?: true;
}

export interface StageRestoreOptions extends LineOption {
  readonly from: string;
}

export interface StageListOptions extends LineOption {
  readonly limit: number;
}

export async function listStages(session: Session, options: StageListOptions): Promise<void> {
  const list = await session.me.stages.list(options.product);
  tell(session, { ...list, stages: firstOf(list.stages, options.limit, session) });
}

export async function addStage(session: Session, slug: string, options: StageAddOptions): Promise<void> {
  const stage: NewStage = {
    slug,
    name: options.name,
    ...(options.colour === undefined ? {} : { colour: options.colour }),
    ...(options.next === undefined ? {} : { next: slugsOf(options.next) }),
    ...(options.from === undefined ? {} : { from: slugsOf(options.from) }),
    ...(options.before === undefined ? {} : { before: options.before }),
    ...(options.terminal === undefined ? {} : { terminal: terminalOf(options.terminal) }),
  };
  const list = await session.me.stages.create(options.product, stage);
  tell(session, list, `Added "${slug}".`);
}

export async function updateStage(session: Session, slug: string, options: StageUpdateOptions): Promise<void> {
  const changes = {
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.colour === undefined ? {} : { colour: options.colour }),
    ...(options.next === undefined ? {} : { next: slugsOf(options.next) }),
    ...(options.terminal === undefined ? {} : { terminal: terminalOf(options.terminal) }),
  };
  const list = await session.me.stages.update(options.product, slug, changes);
  tell(session, list, `Changed "${slug}".`);
}

export async function reorderStages(session: Session, slugs: readonly string[], productLine: string): Promise<void> {
  tell(session, await session.me.stages.reorder(productLine, slugs), 'Put in the new order.');
}

export async function retireStage(session: Session, slug: string, options: StageRetireOptions): Promise<void> {
  const { moveTo } = options;
  const leads = moveTo === undefined ? '' : ` Its leads move to "${moveTo}".`;
  const question = `Retire the stage "${slug}" of ${options.product}?${leads}`;
  await session.confirm(question, { yes: options.yes === true });
  const list = await session.me.stages.retire(options.product, slug, moveTo === undefined ? {} : { moveTo });
  const moved = list.moved === 1 ? '1 lead' : `${list.moved} leads`;
  tell(session, list, `Retired "${slug}"; ${moved} moved.`);
}

export async function restoreStage(session: Session, slug: string, options: StageRestoreOptions): Promise<void> {
  const list = await session.me.stages.restore(options.product, slug, { from: slugsOf(options.from) });
  tell(session, list, `Brought back "${slug}".`);
}

function tell({ output }: Session, list: StageList, message?: string): void {
  const { style } = output;
  output.answer(list, () =>
    table(
      list.stages,
      [
        { heading: 'Stage', cell: (stage) => stage.slug, paint: (text, stage) => style.hex(stage.colour, text) },
        { heading: 'Name', cell: (stage) => stage.name, minimum: 12, wraps: true, importance: 2 },
        { heading: 'Decides', cell: (stage) => stage.terminal ?? '' },
        { heading: 'Active', cell: (stage) => (stage.active ? 'yes' : 'no') },
        { heading: 'Next', cell: (stage) => stage.next.join(', '), minimum: 14, wraps: true },
        {
          heading: 'Tasks',
          cell: (stage) => stage.tasks.map(taskText).join(', '),
          minimum: 18,
          wraps: true,
          importance: 1,
        },
      ],
      output,
    ),
  );
  if (message !== undefined) output.say(`${message} The pipeline is at version ${list.version}.`);
}

function taskText({ slug, required }: Stage['tasks'][number]): string {
  return required ? `${slug} (required)` : slug;
}

function slugsOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((slug) => slug.trim())
    .filter((slug) => slug !== '');
}

function terminalOf(text: string): Stage['terminal'] {
  if (text === 'won' || text === 'lost') return text;
  if (text === 'none') return null;
  throw new LmsError('USAGE_INVALID', {
    message: `--terminal is won, lost or none, not "${text}"`,
    path: '--terminal',
  });
}
