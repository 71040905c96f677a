import { setTimeout } from 'node:timers/promises';
import { type CurrencyCode, hasCode } from '@lms/core/kernel';
import { chooseActor } from './actor.js';
import type { Console } from './console.js';
import { exitCodes } from './exit-codes.js';
import { type OpenLms, openLms } from './open-lms.js';
import { type Format, formatFor } from './output/format.js';
import { printable } from './output/index.js';

type Lms = OpenLms['lms'];

/** A command in an open store, as an actor. */
export interface Session extends Console {
  readonly lms: Lms;
  /** The services as the actor sees them. */
  readonly me: ReturnType<Lms['as']>;
  readonly format: Format;
  readonly timeZone: string;
  readonly currency: CurrencyCode;
}

/** How long a command waits for what an earlier process left in the outbox. */
const drainMillis = 2_000;

/** Opens the store, drains what was left to project, runs `work` as the actor, and closes the store again. */
export async function withSession(console: Console, work: (session: Session) => Promise<number>): Promise<number> {
  const { options, environment } = console;
  const { lms, configuration } = await openLms(console);
  try {
    await lms.ready();
    await drain(lms, console);
    const { businessTimeZone: timeZone = 'Asia/Kolkata', currency = 'INR' } = configuration;
    const me = lms.as(chooseActor(options.actor, environment));
    return await work({ ...console, lms, me, timeZone, currency, format: formatFor({ currency, timeZone }) });
  } catch (thrown) {
    if (console.signal.aborted && isAbort(thrown)) return exitCodes.stopped;
    throw thrown;
  } finally {
    await lms.close();
  }
}

/** What is not done in time goes on beside the command. A projection that fails never fails the command; doctor shows it. */
async function drain(lms: Lms, { output }: Console): Promise<void> {
  // Jobs, webhooks and consumers are for lms work and lms tick: a command that somebody waits for runs and sends none.
  const round = lms
    .tick({ jobs: { limit: 0 }, webhooks: { limit: 0 }, events: { limit: 0 } })
    .catch((thrown: unknown) => {
      if (hasCode(thrown, 'STORE_CLOSED')) return;
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      output.warn(`warning: boards and reports may lag behind: ${printable(reason)}\n  next: lms doctor`);
    });
  await Promise.race([round, setTimeout(drainMillis, undefined, { ref: false })]);
}

/** Whether it says that somebody stopped the command. */
function isAbort(thrown: unknown): boolean {
  return hasCode(thrown, 'COMMAND_ABORTED') || (thrown instanceof Error && thrown.name === 'AbortError');
}
