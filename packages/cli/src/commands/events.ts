import type { ConsumerStart } from '@lms/core';
import type { Command } from 'commander';
import type { ConsumerChange, ConsumerListOptions, TailOptions } from '../actions/events.js';
import { collect } from '../input/collect.js';
import { eventStart } from '../input/event-start.js';
import type { Runner } from '../run.js';
import { changeOptions, pageOptions } from './shared-options.js';

const changes: Readonly<Record<ConsumerChange, string>> = {
  pause: 'hand a consumer no more events until it is resumed',
  resume: 'go on with a consumer that was paused',
  retry: 'try the event at which a consumer fails or has stopped, at once',
  skip: 'pass over the event at which a consumer fails or has stopped',
};

export function addEventsCommands(program: Command, runner: Runner): void {
  const events = program.command('events').description('what happens: look on, and see to the consumers of it');
  events
    .command('tail')
    .description('show what happens, an event a line, until Ctrl-C')
    .option('--type <type>', 'only these, such as lead.created, or lead.* (repeatable)', collect)
    .option('--lead <lead>', 'only of this lead (repeatable)', collect)
    .option('--from <where>', 'now, beginning, or the position after which to begin', eventStart, 'now')
    .option('--no-follow', 'end with what has happened so far')
    .action((options: TailOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { tailEvents } = await import('../actions/events.js');
        return tailEvents(session, options);
      }),
    );
  changeOptions(
    events.command('consumers').description('list consumers by name: how far they are, and what fails'),
    pageOptions({ most: 100, usual: 20 }),
  ).action((options: ConsumerListOptions, command: Command) =>
    runner.inStore(command, async (session) => {
      const { listConsumers } = await import('../actions/events.js');
      await listConsumers(session, options);
    }),
  );
  for (const change of ['pause', 'resume', 'retry', 'skip'] as const) {
    events
      .command(change)
      .description(changes[change])
      .argument('<name>', 'the consumer')
      .action((name: string, _options: object, command: Command) =>
        runner.inStore(command, async (session) => {
          const { changeConsumer } = await import('../actions/events.js');
          await changeConsumer(session, change, name);
        }),
      );
  }
  events
    .command('replay')
    .description('hand a consumer events again, or none before now')
    .argument('<name>', 'the consumer')
    .requiredOption('--from <where>', 'beginning, the position after which to go on, or now', eventStart)
    .action((name: string, { from }: { readonly from: ConsumerStart }, command: Command) =>
      runner.inStore(command, async (session) => {
        const { replayEvents } = await import('../actions/events.js');
        await replayEvents(session, name, from);
      }),
    );
  events
    .command('forget')
    .description('forget a consumer that is no longer used')
    .argument('<name>', 'the consumer')
    .action((name: string, _options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { forgetConsumer } = await import('../actions/events.js');
        await forgetConsumer(session, name);
      }),
    );
}
