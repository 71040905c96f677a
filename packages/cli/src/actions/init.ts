import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createKeyFile, type Lms } from '@lms/core';
import { hasCode, LmsError } from '@lms/core/kernel';
import { chooseActor, consoleOfThisMachine } from '../actor.js';
import {
  type ChosenStore,
  type Configuration,
  chooseStore,
  configurationFileName,
  findConfiguration,
  newConfiguration,
  readConfiguration,
  writeNewConfiguration,
} from '../configuration/index.js';
import type { Console } from '../console.js';
import { lmsOf, type OpenLms } from '../open-lms.js';

export interface InitOptions {
  readonly name?: string;
  readonly email?: string;
}

/** Makes what is missing and leaves what is there as it is, so that it can be repeated. */
export async function initialise(console: Console, options: InitOptions): Promise<void> {
  const { environment, output } = console;
  const found = findConfiguration({ flag: console.options.config, environment, folder: process.cwd() });
  const file = found ?? resolve(configurationFileName);
  if (await writeNewConfiguration(file, newConfiguration)) output.say(`Wrote ${file}`);
  const configuration = await readConfiguration(file);
  const chosen = chooseStore(configuration, file, { flag: console.options.store, environment });
  const { lms, label } = await openNewStore(configuration, chosen, console);
  await using _closing = lms;
  const id = chooseActor(console.options.actor, environment).id;
  const isFirst = await makeFirstAdmin(lms, id, options);
  output.answer({ configuration: file, store: chosen.name, label, actor: id, firstAdmin: isFirst }, () => {
    return `Store "${chosen.name}" is ready: ${label}`;
  });
  output.say(isFirst ? `You are its first admin: ${id}` : `It has users already; you act as ${id}`);
  output.say('Next: lms schema publish FILE, the definition of a product line');
}

/** The store, open; with a key of its own when it is new and its key is a file that is not there yet. */
async function openNewStore(
  configuration: Configuration,
  chosen: ChosenStore,
  console: Console,
): Promise<Pick<OpenLms, 'lms' | 'label'>> {
  const { environment, output } = console;
  const madeKey = await makeKey(chosen);
  const opened = await lmsOf(configuration, chosen, environment);
  try {
    await opened.lms.ready();
  } catch (thrown) {
    await opened.lms.close();
    // The store exists and was made with another key: the new one is of no use, and must not look like the right one.
    if (madeKey === null || !hasCode(thrown, 'KEY_INVALID')) throw thrown;
    await rm(madeKey);
    const message = `The key of store "${chosen.name}" is not in ${madeKey}, and the store was made with one`;
    throw new LmsError('KEY_MISSING', { message, path: 'key', cause: thrown });
  }
  if (madeKey !== null) {
    output.say(`Made the key ${madeKey}: keep a copy apart from the store, since without it personal data is lost`);
  }
  return opened;
}

/** The path of a new key file; null when the key is there, comes from elsewhere, or belongs to a store that exists. */
async function makeKey({ store, key, folder }: ChosenStore): Promise<string | null> {
  if (!('file' in key)) return null;
  const path = resolve(folder, key.file);
  const isOldStore = store.kind === 'sqlite' && existsSync(resolve(folder, store.file));
  if (existsSync(path) || isOldStore) return null;
  try {
    await createKeyFile(path);
    return path;
  } catch (thrown) {
    // Somebody else was faster.
    if (existsSync(path)) return null;
    throw thrown;
  }
}

async function makeFirstAdmin(lms: Lms, id: string, { name, email }: InitOptions): Promise<boolean> {
  const ownName = name ?? consoleOfThisMachine().operatingSystemUser;
  try {
    await lms.bootstrapAdmin({ id, name: ownName, ...(email === undefined ? {} : { email }) });
    return true;
  } catch (thrown) {
    if (hasCode(thrown, 'USER_EXISTS')) return false;
    throw thrown;
  }
}
