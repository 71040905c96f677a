import type { ConsumerListQuery, ConsumerStart, ConsumerState, FeedEvent, WatchOptions } from '@lms/core';
import { durationText, isId } from '@lms/core/kernel';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { printable, table } from '../output/index.js';
import type { Session } from '../session.js';
import { nextPage } from './lead-list.js';

export interface TailOptions {
  readonly type?: readonly string[];
  readonly lead?: readonly string[];
  readonly from: ConsumerStart;
  /** False with `--no-follow`. */
  readonly follow: boolean;
}

export interface ConsumerListOptions {
  readonly limit: number;
  readonly cursor?: string;
}

/** What is done to a consumer by its name. */
export type ConsumerChange = 'pause' | 'resume' | 'retry' | 'skip';

/** An event a line, until Ctrl-C, or to the end of what happened. */
export async function tailEvents(session: Session, options: TailOptions): Promise<ExitCode> {
  const { me, output, signal, format } = session;
  const query = await watchOf(session, options);
  for await (const item of me.events.watch({ ...query, signal })) {
    if (item.kind === 'event') output.item(item.event, () => eventText(item.event, format.time(item.event.at)));
    else
      output.warn(`warning: ${item.missed} positions were passed over, up to ${item.position}: events came too fast`);
  }
  return signal.aborted && !options.follow ? exitCodes.stopped : exitCodes.ok;
}

async function watchOf({ me }: Session, { type, lead, from, follow }: TailOptions): Promise<WatchOptions> {
  const leads: string[] = [];
  for (const reference of lead ?? []) leads.push(isId(reference) ? reference : (await me.leads.get(reference)).id);
  return {
    from,
    follow,
    ...(type === undefined ? {} : { types: type }),
    ...(leads.length === 0 ? {} : { leads }),
  };
}

function eventText({ position, type, aggregate, actor, data }: FeedEvent, time: string): string {
  return printable(
    `${position}  ${time}  ${type}  ${aggregate.kind} ${aggregate.id}  ${actor}  ${JSON.stringify(data)}`,
  );
}

export async function listConsumers(session: Session, { limit, cursor }: ConsumerListOptions): Promise<void> {
  const { me, output } = session;
  const query: ConsumerListQuery = { limit, ...(cursor === undefined ? {} : { after: cursor }) };
  const { consumers, next } = await me.events.consumers(query);
  output.answer({ items: consumers, nextCursor: next }, () =>
    consumers.length === 0
      ? ''
      : table(
          consumers,
          [
            { heading: 'Name', cell: ({ name }) => name },
            { heading: 'Status', cell: statusOf, importance: 4 },
            { heading: 'Position', cell: ({ position }) => String(position), align: 'right' },
            { heading: 'Behind', cell: ({ lag }) => String(lag), align: 'right', importance: 3 },
            { heading: 'For', cell: ({ behindMillis }) => (behindMillis === 0 ? '' : durationText(behindMillis)) },
            { heading: 'Fails at', cell: failureOf, minimum: 8, importance: 2 },
          ],
          output,
        ),
  );
  if (consumers.length === 0) output.say('No process has consumed events yet.');
  if (next !== null) output.say(`More: ${nextPage(session, next)}`);
}

export async function changeConsumer({ me, output }: Session, change: ConsumerChange, name: string): Promise<void> {
  const state = await me.events[change](name);
  output.answer(state, () => standingText(state));
}

export async function replayEvents({ me, output }: Session, name: string, from: ConsumerStart): Promise<void> {
  const state = await me.events.replay(name, { from });
  output.answer(state, () => standingText(state));
}

export async function forgetConsumer({ me, output }: Session, name: string): Promise<void> {
  await me.events.forget(name);
  output.answer({ name, forgotten: true }, () => 'The consumer is forgotten, and how far it was.');
}

function standingText(state: ConsumerState): string {
  return printable(`${state.name} is ${statusOf(state)} at position ${state.position}, ${state.lag} behind.`);
}

function statusOf({ status, held }: ConsumerState): string {
  return held ? `${status}, at work` : status;
}

function failureOf({ failedPosition, lastError, attempts }: ConsumerState): string {
  return failedPosition === null ? '' : `${failedPosition}: ${lastError} (${attempts})`;
}
