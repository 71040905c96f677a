import { readFile } from 'node:fs/promises';
import { LmsError, type Problem } from '@lms/core/kernel';
import { type Configuration, configurationSchema } from './configuration.js';

/** @throws LmsError `CONFIG_NOT_FOUND`, `CONFIG_INVALID` with every wrong place */
export async function readConfiguration(file: string): Promise<Configuration> {
  return parseConfiguration(await textOf(file), file);
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (isMissing(cause)) throw new LmsError('CONFIG_NOT_FOUND', { message: `There is no file ${file}`, cause });
    throw new LmsError('CONFIG_INVALID', { message: `${file} cannot be read: ${reasonOf(cause)}`, cause });
  }
}

/** @throws LmsError `CONFIG_INVALID` */
export function parseConfiguration(text: string, file: string): Configuration {
  const parsed = configurationSchema.safeParse(parseJson(text, file));
  if (!parsed.success) throw LmsError.ofProblems('CONFIG_INVALID', file, parsed.error.issues.map(problemOf));
  const configuration = parsed.data;
  if (!Object.hasOwn(configuration.stores, configuration.defaultStore)) {
    throw new LmsError('CONFIG_INVALID', {
      message: `${file}: "defaultStore" is "${configuration.defaultStore}", but "stores" has ${listOf(configuration)}`,
      path: 'defaultStore',
    });
  }
  return configuration;
}

/** The names of the stores, as a sentence wants them. */
export function listOf(configuration: Configuration): string {
  const names = Object.keys(configuration.stores);
  return names.length === 0 ? 'no store at all' : names.map((name) => `"${name}"`).join(', ');
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new LmsError('CONFIG_INVALID', { message: `${file} is not JSON: ${reasonOf(cause)}`, cause });
  }
}

interface Issue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function problemOf(issue: Issue): Problem {
  const path = issue.path.map(String).join('.') || '(top)';
  const isReference = /(^|\.)(key|mongo|mysql)(\.\d+)?$/.test(path);
  const message = isReference
    ? 'expected { "env": "NAME" } or { "file": "PATH" }, of a key a list of them too: secrets are referred to, never written here'
    : issue.message;
  return { path, rule: issue.code ?? 'invalid', message };
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
