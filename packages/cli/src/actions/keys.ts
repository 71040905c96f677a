import { resolve } from 'node:path';
import { createKeyFile, type KeyRotation, type KeyStatus, type LookupRotation, type MasterKeyUse } from '@lms/core';
import type { Console } from '../console.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { nameOfNewFile } from '../input/new-file.js';
import { printable, table } from '../output/index.js';
import type { Session } from '../session.js';

export interface RotateKeysOptions {
  readonly dryRun?: true;
  /** The look-up key, and not the master key. */
  readonly lookup?: true;
}

/** Ctrl-C stops between two pages and tells what was counted until then. */
export async function showKeys({ me, output, signal }: Session): Promise<ExitCode> {
  const status = await me.keys.status({
    signal,
    onProgress: ({ looked }) => output.progress.show(`${looked} keys counted`),
  });
  output.progress.clear();
  output.answer(status, () => [statusText(status, output), lookupText(status.lookup)].join('\n'));
  if (!status.finished) return exitCodes.stopped;
  if (status.lookup.phase !== 'settled') output.say('To go on with the look-up key: lms keys rotate --lookup');
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
export async function rotateKeys(session: Session, { dryRun, lookup }: RotateKeysOptions): Promise<ExitCode> {
  if (lookup === true) return rotateLookupKey(session, dryRun === true);
  const { me, output, signal } = session;
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

/** Ctrl-C stops between two batches; run again, it goes on. */
async function rotateLookupKey({ me, output, signal }: Session, dryRun: boolean): Promise<ExitCode> {
  const rotation = await me.keys.rotateLookup(dryRun ? { dryRun } : {}, {
    signal,
    onProgress: ({ phase, rows, looked, changed }) =>
      output.progress.show(`${phase}: ${looked} ${nameOfRows[rows]} looked at, ${changed} rows rehashed or removed`),
  });
  output.progress.clear();
  const did = dryRun ? 'Would be rehashed' : 'Rehashed or removed';
  output.answer(rotation, () => [`${did}: ${countsText(rotation.rows)}`, lookupText(rotation)].join('\n'));
  if (rotation.finished) return exitCodes.ok;
  output.say(dryRun ? 'Stopped' : 'Stopped; to go on: lms keys rotate --lookup');
  return exitCodes.stopped;
}

const nameOfRows = {
  uniqueKeys: 'unique values',
  leads: 'leads',
  consents: 'consents',
  contactBlocks: 'contact blocks',
  facts: 'rows of the read model',
} as const;

function countsText(rows: LookupRotation['rows']): string {
  const { uniqueKeys, leads, consents, contactBlocks } = rows;
  return `${uniqueKeys} unique values, ${leads} leads, ${consents} consents, ${contactBlocks} contact blocks`;
}

function lookupText(lookup: KeyStatus['lookup'] | LookupRotation): string {
  const { generation, phase } = lookup;
  if (phase === 'settled') return `Look-up key ${generation}: in force`;
  const left = 'rowsLeft' in lookup && lookup.rowsLeft !== null ? `; left: ${countsText(lookup.rowsLeft)}` : '';
  return `Look-up key ${generation}: ${phase}${left}`;
}

function statusText({ masterKeys, destroyed, rotated }: KeyStatus | KeyRotation, output: Session['output']): string {
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
