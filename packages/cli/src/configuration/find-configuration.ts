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
  const named = where.flag ?? where.environment['LMS_CONFIG'];
  if (named !== undefined && named !== '') return resolve(where.folder, named);
  for (const folder of upwards(where.folder)) {
    const file = join(folder, configurationFileName);
    if (existsSync(file)) return file;
  }
  const own = userConfiguration(where.environment);
  return existsSync(own) ? own : null;
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
