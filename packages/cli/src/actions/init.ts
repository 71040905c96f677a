import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
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
import { readDefinitionFile } from '../input/definition-file.js';
import { lmsOf, type OpenLms } from '../open-lms.js';
import { printable } from '../output/index.js';
import { askerFor } from '../prompts/asker.js';
import {
  askAnswers,
  configurationOf,
  defaults,
  type InitAnswers,
  type InitFlags,
  readFlags,
} from '../prompts/init-answers.js';
import { templateFiles, templates } from '../prompts/templates.js';

export interface InitOptions extends InitFlags {
  readonly name?: string;
  readonly email?: string;
  readonly yes?: true;
}

/**
 * Makes what is missing and leaves what is there as it is, so that it can be repeated. On a terminal it asks how a new store
 * is to be; everything is asked before anything is made.
 */
export async function initialise(console: Console, options: InitOptions): Promise<void> {
  const { environment, output } = console;
  const found = findConfiguration({ flag: console.options.config, environment, folder: process.cwd() });
  const file = found ?? resolve(configurationFileName);
  const answers = existsSync(file) ? answersBeside(file, options) : await answersForNew(console, options);
  if (await writeNewConfiguration(file, configurationOf(answers))) output.say(`Wrote ${file}`);
  const configuration = await readConfiguration(file);
  const chosen = chooseStore(configuration, file, { flag: console.options.store, environment });
  const { lms, label } = await openNewStore(configuration, chosen, console);
  await using _closing = lms;
  const id = chooseActor(console.options.actor, environment).id;
  const isFirst = await makeFirstAdmin(lms, id, options);
  const { template: productLine } = answers;
  const added = productLine === null ? null : await addTemplate(console, lms, productLine);
  output.answer({ configuration: file, store: chosen.name, label, actor: id, firstAdmin: isFirst, productLine }, () => {
    return printable(`Store "${chosen.name}" is ready: ${label}`);
  });
  output.say(isFirst ? `You are its first admin: ${id}` : `It has users already; you act as ${id}`);
  if (added === null) output.say('Next: lms schema publish FILE, the definition of a product line');
  else for (const text of added) output.say(text);
}

/** Without a terminal, and with `--yes`, what is not said is as the defaults are. */
async function answersForNew(console: Console, options: InitOptions): Promise<InitAnswers> {
  const said = readFlags(options);
  const asker = options.yes === true ? null : askerFor(console);
  if (asker === null) return { ...defaults, ...said };
  const named = said.kind === undefined ? kindOfStore(console) : null;
  if (named === null) return askAnswers(asker, said, console.environment);
  // `--store` says which store to make now, not which one is the default.
  return { ...(await askAnswers(asker, { ...said, kind: named }, console.environment)), kind: defaults.kind };
}

const kinds = { sqlite: 'file', mysql: 'mysql', hybrid: 'servers' } as const;

/** Where the store that `--store` names keeps its leads; null when it names none. */
function kindOfStore({ options, environment }: Console): InitAnswers['kind'] | null {
  const name = options.store ?? (environment['LMS_STORE'] || null);
  const store = name === null ? undefined : newConfiguration.stores[name];
  if (store === undefined) return null;
  return kinds[store.kind];
}

/** @throws LmsError `USAGE_INVALID` for flags that would change the configuration, which stays as it is */
function answersBeside(file: string, options: InitOptions): InitAnswers {
  const { template = null, ...others } = readFlags(options);
  const [flag] = Object.keys(others);
  if (flag === undefined) return { ...defaults, template };
  const message = `${file} is there already; change it there, and leave out --${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new LmsError('USAGE_INVALID', { message });
}

/**
 * Writes the definition into `product-lines`, unless there is one, and publishes it, unless the store has the line.
 * @returns what to tell
 */
async function addTemplate(console: Console, lms: Lms, slug: string): Promise<readonly string[]> {
  const template = templates[slug];
  if (template === undefined) throw new LmsError('INTERNAL', { message: `there is no template "${slug}"` });
  const folder = resolve('product-lines');
  const file = join(folder, `${slug}.yaml`);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(await templateFiles(slug, template)))
    await writeIfNew(join(folder, name), text);
  const read = await readDefinitionFile(file);
  const me = lms.as(chooseActor(console.options.actor, console.environment));
  try {
    const { head } = await me.schemas.publish(read.definition, { expectedRevision: 0 });
    return [`Published ${file} as "${head.slug}"`, `Next: lms import FILE --product ${head.slug} --dry-run`];
  } catch (thrown) {
    if (!hasCode(thrown, 'DEFINITION_CONFLICT')) throw thrown;
    return [`The store has a product line "${slug}" already, which stays as it is`, `Next: lms schema show ${slug}`];
  }
}

async function writeIfNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
  }
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
