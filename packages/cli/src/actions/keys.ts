import { resolve } from 'node:path';
import { createKeyFile, type KeyStatus, type MasterKeyUse } from '@lms/core';
import type { Console } from '../console.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { nameOfNewFile } from '../input/new-file.js';
import { printable, table } from '../output/index.js';
import type { Session } from '../session.js';

export interface RotateKeysOptions {
  readonly dryRun?: true;
}

/** Ctrl-C stops between two pages and tells what was counted until then. */
export async function showKeys({ me, output, signal }: Session): Promise<ExitCode> {
  const status = await me.keys.status({
    signal,
    onProgress: ({ looked }) => output.progress.show(`${looked} keys counted`),
  });
  output.progress.clear();
  output.answer(status, () => statusText(status, output));
  if (!status.finished) return exitCodes.stopped;
  if (!status.rotated) output.say('To wrap all of them with the first: lms keys rotate');
  return exitCodes.ok;
}

/** Never takes the place of a file. */
export async function makeKey({ output }: Console, file: string): Promise<void> {
  const target = nameOfNewFile(file, { place: 'file', example: 'new.key' });
  const { id } = await createKeyFile(resolve(target));
  output.answer({ file: target, id }, () => printable(`Made master key ${id} in ${target}`));
  output.say('Keep a copy apart from the store and from its backups. Next: lms help keys rotate');
}

/** Ctrl-C stops between two batches; run again, it goes on. */
export async function rotateKeys({ me, output, signal }: Session, { dryRun }: RotateKeysOptions): Promise<ExitCode> {
  const rotation = await me.keys.rotate(dryRun === true ? { dryRun } : {}, {
    signal,
    onProgress: ({ looked, rewrapped }) => output.progress.show(`${rewrapped} keys rewrapped, ${looked} looked at`),
  });
  output.progress.clear();
  const { rewrapped, masterKeyId, rotated, finished, damaged, damagedCount } = rotation;
  const did = dryRun === true ? 'would be wrapped' : 'were wrapped';
  output.answer(rotation, () =>
    [`${rewrapped} keys ${did} with master key ${masterKeyId}`, statusText(rotation, output)].join('\n'),
  );
  if (!finished) {
    output.say('Stopped; to go on: lms keys rotate');
    return exitCodes.stopped;
  }
  if (damagedCount > 0) {
    output.say(`${damagedCount} keys do not open, as somebody changed them: ${damaged.map(printable).join(', ')}`);
  }
  if (rotation.masterKeys.length === 1) {
    output.say(
      'The configuration names one key, which wraps everything. To change it for another: lms help keys rotate',
    );
  }
  const missing = rotation.masterKeys.filter(({ given }) => !given).map(({ id }) => id);
  if (missing.length > 0) output.say(`Give these keys as well: ${missing.join(', ')}`);
  if (dryRun === true) return damagedCount + missing.length === 0 ? exitCodes.ok : exitCodes.doneWithRejects;
  return rotated ? exitCodes.ok : exitCodes.doneWithRejects;
}

function statusText({ masterKeys, destroyed, rotated }: KeyStatus, output: Session['output']): string {
  const rows = table(
    masterKeys,
    [
      { heading: 'Master key', cell: ({ id }: MasterKeyUse) => id, importance: 4 },
      { heading: 'Use', cell: useText, importance: 3 },
      { heading: 'Leads and others', cell: ({ dataKeys }: MasterKeyUse) => String(dataKeys), align: 'right' },
      { heading: 'Store', cell: ({ storeKeys }: MasterKeyUse) => String(storeKeys), align: 'right' },
    ],
    output,
  );
  const ended = rotated ? 'only the first wraps anything' : 'another key than the first is still needed';
  return `${rows}\n${destroyed} keys destroyed; ${ended}`;
}

function useText({ first, given }: MasterKeyUse): string {
  if (first) return 'wraps';
  return given ? 'opens' : 'not given';
}
