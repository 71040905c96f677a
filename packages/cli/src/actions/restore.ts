import { resolve } from 'node:path';
import type { Finding, RestoredBackup } from '@lms/core';
import { hasCode, LmsError } from '@lms/core/kernel';
import { chooseActor } from '../actor.js';
import type { Console } from '../console.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { openLms } from '../open-lms.js';
import { printable } from '../output/index.js';
import { keepHeapSmall } from '../small-heap.js';

export interface RestoreCommandOptions {
  readonly destroyed: readonly string[];
  readonly withoutDestroyedKeys?: true;
}

/** Fills the store, then looks at it as `lms doctor` does; exits as that would. */
export async function restoreStore(console: Console, file: string, options: RestoreCommandOptions): Promise<ExitCode> {
  const { output, signal, environment } = console;
  const { lms, label, chosen } = await openLms(console);
  await using _closing = lms;
  const request = {
    file: resolve(file),
    destroyedKeys: options.destroyed.map((each) => resolve(each)),
    withoutDestroyedKeys: options.withoutDestroyedKeys === true,
    actor: chooseActor(console.options.actor, environment),
  };
  keepHeapSmall();
  const onProgress = ({ rows }: { readonly rows: number }): void => output.progress.show(`${rows} rows`);
  const restored = await lms.restore(request, { signal, onProgress }).catch((error: unknown) => {
    output.progress.clear();
    if (hasCode(error, 'COMMAND_ABORTED')) output.say(`Stopped; "${chosen.name}" is not usable until it is restored.`);
    throw error;
  });
  output.progress.clear();
  // When the last backup was made is told of the store that was lost.
  const findings = (await foundBy(() => lms.check())).filter(({ name, ok }) => !ok && name !== 'backups');
  output.answer({ store: chosen.name, label, ...restored, findings }, () => summaryOf(restored, chosen.name));
  for (const each of restored.unreadableLists)
    output.warn(`warning: ${printable(each)} is no list of destroyed keys, or damaged; it was passed over`);
  for (const { name, message } of findings) output.warn(printable(`warning: ${name}: ${message}`));
  return findings.length === 0 ? exitCodes.ok : exitCodes.unavailable;
}

/** The store is restored whatever comes of looking at it. */
export async function foundBy(check: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await check();
  } catch (thrown) {
    if (!LmsError.isInstance(thrown)) throw thrown;
    const message = `the store is restored and was not looked at: ${thrown.message}; see what lms doctor says`;
    return [{ name: 'looking', ok: false, message }];
  }
}

function summaryOf({ rows, createdAt, destroyedKeys, destroyedKeysUntil }: RestoredBackup, store: string): string {
  const erased = destroyedKeys === 0 ? [] : [`${destroyedKeys} leads that were erased since stay erased`];
  const unlisted =
    destroyedKeysUntil === null
      ? 'No list of destroyed keys was heeded: what was erased since is back'
      : `The lists of what was erased end at ${destroyedKeysUntil}: erase again what was erased later`;
  return [`Restored ${rows} rows of ${createdAt} into store "${store}"`, ...erased, unlisted].join('\n');
}
