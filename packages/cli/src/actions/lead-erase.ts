import { type ErasureReason, erasureReasons } from '@lms/core';
import { LmsError } from '@lms/core/kernel';
import type { WriteOptions } from '../commands/shared-options.js';
import { printable } from '../output/index.js';
import type { Session } from '../session.js';
import { writing } from './lead-change.js';

export interface LeadEraseOptions extends WriteOptions {
  readonly reason: string;
  readonly yes?: true;
}

export async function eraseLead(session: Session, lead: string, options: LeadEraseOptions): Promise<void> {
  const { me, output } = session;
  const reason = reasonOf(options.reason);
  const found = await me.leads.get(lead);
  const name = found.name === null ? '' : ` (${printable(found.name)})`;
  const question = `Erase the personal data of ${found.number}${name} for good? Nothing brings it back.`;
  await session.confirm(question, { yes: options.yes === true });
  const erased = await me.leads.erase(lead, { reason }, writing(session, options));
  output.answer(erased, () => erased.number);
  output.say('Erased. Keep the list of destroyed keys of your newest backup beside older ones: lms backup writes it.');
}

/** Ctrl-C stops between two pages of keys. */
export async function finishErasures({ me, output, signal }: Session): Promise<void> {
  const done = await me.leads.finishErasures({
    signal,
    onProgress: ({ keys, finished }) => output.progress.show(`${keys} keys looked at, ${finished} leads emptied`),
  });
  output.progress.clear();
  output.answer(done, () => `${done.finished} leads emptied`);
}

function reasonOf(text: string): ErasureReason {
  const reason = erasureReasons.find((each) => each === text);
  if (reason !== undefined) return reason;
  throw new LmsError('INPUT_INVALID', {
    message: `--reason: "${text.slice(0, 60)}" is none of ${erasureReasons.join(', ')}`,
    path: '--reason',
  });
}
