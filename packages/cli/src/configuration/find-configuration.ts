import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export const configurationFileName = 'lms.config.json';

export interface Whereabouts {
  /** `--config`. */
  readonly flag: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly folder: string;
}

/**
 * The configuration file: `--config`, else LMS_CONFIG, else the nearest `lms.config.json` in this folder or one above, else
 * the user's own. The first two are given back whether or not they exist; null when there is none.
 */
export function findConfiguration(where: Whereabouts): string | null {
  const named = namedConfiguration(where);
  if (named !== null) return resolve(where.folder, named);
  for (const folder of upwards(where.folder)) {
    const file = join(folder, configurationFileName);
    if (existsSync(file)) return file;
  }
  const own = userConfiguration(where.environment);
  return existsSync(own) ? own : null;
}

/** What somebody named as the configuration file; null when it is looked for. */
export function namedConfiguration({ flag, environment }: Pick<Whereabouts, 'flag' | 'environment'>): string | null {
  return (flag ?? environment['LMS_CONFIG']) || null;
}

function userConfiguration(environment: NodeJS.ProcessEnv): string {
  const base = environment['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  return join(base, 'lms', configurationFileName);
}

function* upwards(folder: string): Generator<string> {
  for (let current = resolve(folder); ; current = dirname(current)) {
    yield current;
    if (dirname(current) === current) return;
  }
}
