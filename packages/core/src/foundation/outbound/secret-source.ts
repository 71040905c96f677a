import { readFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { type Clock, LmsError } from '../kernel/index.js';

/** Where a secret is, never the secret itself. */
export type SecretReference = { readonly env: string } | { readonly file: string };

/** Gives the secrets of targets. */
export interface SecretSource {
  /**
   * The secret, read when it is used; a new value is used within a minute of being there.
   * @throws LmsError `SECRET_MISSING`
   */
  read(reference: SecretReference): Promise<string>;
}

export interface SecretPlaces {
  /** The variables that references may name; core reads no environment by itself. None when absent. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Relative files start here; without it files have to be absolute. */
  readonly folder?: string;
}

const mostBytes = 1_000_000;

/** Secrets of environment variables and files. The space around a secret is no part of it. */
export function secretSource({ environment = {}, folder }: SecretPlaces): SecretSource {
  return {
    async read(reference) {
      const place = 'env' in reference ? `the environment variable ${reference.env}` : reference.file;
      const found =
        'env' in reference ? variableOf(environment, reference.env) : await contentOf(reference.file, folder);
      const secret = found?.trim() ?? '';
      if (secret !== '' && secret.length <= mostBytes) return secret;
      const problem = secret === '' ? 'is missing or empty' : 'is too large to be a secret';
      throw new LmsError('SECRET_MISSING', { message: `a secret of an outbound target ${problem}: ${place}` });
    },
  };
}

function variableOf(environment: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined;
}

async function contentOf(file: string, folder: string | undefined): Promise<string | null> {
  if (folder === undefined && !isAbsolute(file)) return null;
  try {
    return await readFile(folder === undefined ? file : resolve(folder, file), 'utf8');
  } catch {
    return null;
  }
}

const keptMillis = 30_000;

/** Reads each secret again after half a minute, and when the clock was set back. */
export function keptShortly(source: SecretSource, clock: Clock): SecretSource {
  const kept = new Map<string, { readonly secret: Promise<string>; readonly since: number }>();
  return {
    read(reference) {
      const name = JSON.stringify(reference);
      const now = clock.now();
      const known = kept.get(name);
      if (known !== undefined && now >= known.since && now - known.since < keptMillis) return known.secret;
      const secret = source.read(reference);
      kept.set(name, { secret, since: now });
      secret.catch(() => kept.delete(name));
      return secret;
    },
  };
}
