import { didYouMean } from '@lms/core/fields';
import { LmsError } from '@lms/core/kernel';
import { type Configuration, newConfiguration } from '../configuration/index.js';
import type { Asker, Choice } from './asker.js';
import { templates } from './templates.js';

/** What may be said of a new store on the command line; what is not said is asked, or is as in {@link defaults}. */
export interface InitFlags {
  readonly kind?: string;
  readonly mongoEnv?: string;
  readonly mysqlEnv?: string;
  readonly timeZone?: string;
  readonly template?: string;
}

/** All that decides a new configuration. */
export interface InitAnswers {
  readonly kind: 'file' | 'mysql' | 'servers';
  /** Names of environment variables. */
  readonly mongoEnv: string;
  readonly mysqlEnv: string;
  readonly timeZone: string;
  /** Slug of a product line to begin with. */
  readonly template: string | null;
}

export const defaults: InitAnswers = {
  kind: 'file',
  mongoEnv: 'MONGO_URL',
  mysqlEnv: 'MYSQL_URL',
  timeZone: newConfiguration.businessTimeZone ?? 'Asia/Kolkata',
  template: null,
};

/** What the flags say, checked. @throws LmsError `USAGE_INVALID` naming the flag */
export function readFlags(flags: InitFlags): Partial<InitAnswers> {
  const { kind, mongoEnv, mysqlEnv, timeZone, template } = flags;
  return {
    ...(kind === undefined ? {} : { kind: oneOf('--kind', kind, ['file', 'mysql', 'servers']) }),
    ...(mongoEnv === undefined ? {} : { mongoEnv: checked('--mongo-env', mongoEnv, variableProblem) }),
    ...(mysqlEnv === undefined ? {} : { mysqlEnv: checked('--mysql-env', mysqlEnv, variableProblem) }),
    ...(timeZone === undefined ? {} : { timeZone: checked('--time-zone', timeZone, zoneProblem) }),
    ...(template === undefined ? {} : { template: templateOf(template) }),
  };
}

/** Asks what was not said. */
export async function askAnswers(
  asker: Asker,
  said: Partial<InitAnswers>,
  environment: NodeJS.ProcessEnv,
): Promise<InitAnswers> {
  const kind = said.kind ?? (await asker.choose('Where are the leads to be kept?', kinds));
  const variable = async (name: string, suggested: string): Promise<string> => {
    const question = `Which environment variable holds the URL of ${name}?`;
    return asker.text(question, {
      suggested,
      check: (text) => variableProblem(text) ?? unsetProblem(text, environment) ?? true,
    });
  };
  return {
    kind,
    mongoEnv: said.mongoEnv ?? (kind === 'servers' ? await variable('MongoDB', defaults.mongoEnv) : defaults.mongoEnv),
    mysqlEnv: said.mysqlEnv ?? (kind === 'file' ? defaults.mysqlEnv : await variable('MySQL', defaults.mysqlEnv)),
    timeZone: said.timeZone ?? (await asker.search('In which time zone does the business work?', zones)),
    template:
      said.template !== undefined ? said.template : await asker.choose('Which product line to begin with?', lines),
  };
}

/** The configuration that the answers describe. */
export function configurationOf(answers: InitAnswers): Configuration {
  const { kind, mongoEnv, mysqlEnv, timeZone } = answers;
  return {
    ...newConfiguration,
    defaultStore: kind === 'file' ? 'dev' : 'prod',
    stores: {
      ...newConfiguration.stores,
      prod:
        kind === 'mysql'
          ? { kind: 'mysql', mysql: { env: mysqlEnv } }
          : { kind: 'hybrid', mongo: { env: mongoEnv }, mysql: { env: mysqlEnv } },
    },
    businessTimeZone: timeZone,
  };
}

const kinds: readonly Choice<InitAnswers['kind']>[] = [
  { value: 'file', name: 'In a file in this folder', description: 'Needs nothing else; one machine.' },
  { value: 'servers', name: 'In MongoDB and MySQL', description: 'For many machines; both have to run already.' },
  { value: 'mysql', name: 'In MySQL or MariaDB', description: 'One server for everything; it has to run already.' },
];

const lines: readonly Choice<string | null>[] = [
  { value: null, name: 'None now', description: 'lms schema publish FILE adds your own at any time.' },
  ...Object.entries(templates).map(([slug, { name }]) => ({
    value: slug,
    name,
    description: `Writes product-lines/${slug}.yaml, for you to change, and publishes it.`,
  })),
];

/** The zone of the business by default and that of this machine come first; a zone can also be typed in full. */
function zones(typed: string): readonly Choice<string>[] {
  const wanted = typed.trim().toLowerCase().replaceAll(' ', '_');
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const names = new Set([defaults.timeZone, own, ...Intl.supportedValuesOf('timeZone'), 'UTC']);
  if (zoneProblem(typed.trim()) === null) names.add(typed.trim());
  return [...names]
    .filter((zone) => zone.toLowerCase().includes(wanted))
    .slice(0, 100)
    .map((zone) => ({ value: zone, name: zone }));
}

function zoneProblem(zone: string): string | null {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return null;
  } catch {
    return `There is no time zone "${zone}"${didYouMean(zone, Intl.supportedValuesOf('timeZone')) || '; write it like Asia/Kolkata'}`;
  }
}

function variableProblem(name: string): string | null {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? null : `"${name}" cannot be the name of an environment variable`;
}

function unsetProblem(name: string, environment: NodeJS.ProcessEnv): string | null {
  return (environment[name] ?? '') === '' ? `${name} is not set; stop with Ctrl-C, set it, and begin again` : null;
}

function templateOf(text: string): string | null {
  return text === 'none' ? null : oneOf('--template', text, [...Object.keys(templates), 'none']);
}

function oneOf<Word extends string>(flag: string, text: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw new LmsError('USAGE_INVALID', { message: `${flag} is ${words.join(', ')}, not "${text}"`, path: flag });
}

function checked(flag: string, text: string, problemOf: (text: string) => string | null): string {
  const problem = problemOf(text);
  if (problem === null) return text;
  throw new LmsError('USAGE_INVALID', { message: problem, path: flag });
}
