import type { Command } from 'commander';
import type { Console, Invocation } from './console.js';
import type { GlobalOptions } from './global-options.js';
import type { Session } from './session.js';

/** What a command does; gives an exit code when it is not 0. */
export type Handler<Place> = (place: Place) => Promise<number | undefined> | Promise<void>;

/** How commands run: loaded only when one does, so that help and mistyped commands answer at once. */
export class Runner {
  exitCode = 0;
  readonly invocation: Invocation;

  constructor(invocation: Invocation) {
    this.invocation = invocation;
  }

  /** Without a store. */
  async onConsole(command: Command, handler: Handler<Console>): Promise<void> {
    const { onProcessConsole } = await import('./console.js');
    const options = command.optsWithGlobals<GlobalOptions>();
    this.exitCode = await onProcessConsole(options, this.invocation, async (console) => (await handler(console)) ?? 0);
  }

  /** In the store that the configuration and the flags name, as the actor they name. */
  async inStore(command: Command, handler: Handler<Session>): Promise<void> {
    const { withSession } = await import('./session.js');
    await this.onConsole(command, (console) => withSession(console, async (session) => (await handler(session)) ?? 0));
  }
}
