import { resolve } from 'node:path';
import type { RestoredBackup } from '@lms/core';
import { hasCode } from '@lms/core/kernel';
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
  const findings = (await lms.check()).filter(({ ok }) => !ok);
  output.answer({ store: chosen.name, label, ...restored, findings }, () => summaryOf(restored, chosen.name));
  for (const { name, message } of findings) output.warn(printable(`warning: ${name}: ${message}`));
  return findings.length === 0 ? exitCodes.ok : exitCodes.unavailable;
}

function summaryOf({ rows, createdAt, destroyedKeys, destroyedKeysUntil }: RestoredBackup, store: string): string {
  const erased = destroyedKeys === 0 ? [] : [`${destroyedKeys} leads that were erased since stay erased`];
  const unlisted =
    destroyedKeysUntil === null
      ? 'No list of destroyed keys was heeded: what was erased since is back'
      : `The lists of what was erased end at ${destroyedKeysUntil}: erase again what was erased later`;
  return [`Restored ${rows} rows of ${createdAt} into store "${store}"`, ...erased, unlisted].join('\n');
}
