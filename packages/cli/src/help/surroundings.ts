/** A name and what it is for; of the help, and of the page in docs/. */
export interface Term {
  readonly name: string;
  readonly what: string;
}

export const environmentVariables: readonly Term[] = [
  { name: 'LMS_CONFIG', what: 'the configuration file, where --config names none' },
  { name: 'LMS_STORE', what: 'the store, where --store names none' },
  { name: 'LMS_ACTOR', what: 'the user to act as, where --actor names none' },
  {
    name: 'LMS_COMPLETION_TIMEOUT',
    what: 'how long completion may wait for the store, in milliseconds (default: 1500)',
  },
  {
    name: 'LMS_LOG',
    what: 'debug, info, warn or error: what is done, as lines of JSON without personal data on the error output',
  },
  { name: 'LMS_DEBUG', what: 'any value: errors with where in the program they happened' },
  {
    name: 'MONGO_URL, MYSQL_URL',
    what: 'the servers of the store "prod" that lms init writes; lms.config.json may name others',
  },
  {
    name: 'LMS_REDIS_URL',
    what: 'a Redis that tells other machines of jobs and of changed users, such as redis://127.0.0.1:6379/0',
  },
  {
    name: 'LMS_REDIS_PREFIX',
    what: 'begins every key there (default: lms); stores that share a Redis need different ones',
  },
  { name: 'VISUAL, EDITOR', what: 'the editor of lms schema edit, with its own words if need be (default: vi)' },
  { name: 'CI', what: 'any value but 0 and false: nothing is asked' },
  { name: 'NO_COLOR', what: 'any value: no colours' },
  { name: 'FORCE_COLOR', what: '0 to 3: no colours, 16, 256 or all, also where the answer does not go to a terminal' },
  {
    name: 'COLUMNS',
    what: 'how wide the terminal is, whatever it says itself; tables in files and pipes are never cut',
  },
  { name: 'TERM=dumb', what: 'no colours, and progress as lines' },
  { name: 'TMPDIR', what: 'where standard input is kept while it is imported, and a definition while it is edited' },
  { name: 'XDG_CONFIG_HOME', what: 'where your own lms/lms.config.json lies (default: ~/.config)' },
  { name: 'XDG_CACHE_HOME', what: 'where compiled code of the command is kept (default: ~/.cache); it may be deleted' },
];

export const files: readonly Term[] = [
  {
    name: 'lms.config.json',
    what: 'the stores, where their keys are, and plugins; the nearest one here or above, else your own',
  },
  {
    name: 'lms.db, lms.key',
    what: 'the store and the key that lms init makes; personal data cannot be read without the key',
  },
  { name: 'FILE.rejects.EXT', what: 'the rows that an import refused, with the reasons, to be corrected and imported' },
];
