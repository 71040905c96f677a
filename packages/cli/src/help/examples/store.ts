import type { Examples } from './example.js';

/** The store as it is kept. */
export const storeExamples: Examples = {
  doctor: [
    { line: 'lms doctor', what: 'is everything as it should be?' },
    { line: 'lms doctor --store prod --json', what: 'the same for a monitor' },
  ],
  'storage status': [
    { line: 'lms storage status --store prod', what: 'which layout, and what is to come' },
    { line: 'lms storage status --json', what: 'with the rows of each table, for a script' },
  ],
  'storage migrate': [
    { line: 'lms storage migrate --store prod --dry-run', what: 'what each step would do' },
    { line: 'lms storage migrate --store prod', what: 'beside the servers of the release before' },
  ],
  'storage rebuild-facts': [
    { line: 'lms storage rebuild-facts --store prod', what: 'when a board shows what no lead says' },
    { line: 'lms storage rebuild-facts --product personal-loan', what: 'the leads of one line' },
  ],
  'storage verify': [
    { line: 'lms storage verify --store prod', what: 'before the first lead, and after every upgrade of a server' },
    { line: 'lms storage verify --json', what: 'every case with its result, for a script' },
  ],
  backup: [
    { line: 'lms backup leads.lmsbackup', what: 'everything, in one sealed file' },
    {
      line: 'lms backup --folder backups --keep-daily 7 --keep-monthly 12',
      what: 'each night, from a timer of the operating system',
    },
    {
      line: 'lms backup --folder backups --keep-daily 7 --keep-monthly 12 --every 24h',
      what: 'the same as a service, which stays',
    },
  ],
  'backups show': [{ line: 'lms backups show leads.lmsbackup', what: 'of when it is, and whether it is whole' }],
  'backups verify': [{ line: 'lms backups verify leads.lmsbackup', what: 'every row of it, as a restore reads it' }],
  restore: [
    { line: 'lms restore leads.lmsbackup', what: 'into the default store, which must be empty' },
    { line: 'lms restore leads.lmsbackup --store prod', what: 'from a file to servers, or back' },
  ],
  'keys status': [{ line: 'lms keys status', what: 'which master keys are still needed' }],
  'keys new': [{ line: 'lms keys new new.key', what: 'the first step of a change of keys' }],
  'keys rotate': [
    { line: 'lms keys rotate --dry-run', what: 'does every key open?' },
    { line: 'lms keys rotate --store prod', what: 'after the new key came first everywhere' },
    { line: 'lms keys rotate --lookup', what: 'another key for look-ups: the one before may be in wrong hands' },
  ],
  'audit list': [
    { line: 'lms audit list --lead LEAD-202601-00001', what: 'all that was done to a lead' },
    { line: 'lms audit list --by asha --from 2026-01-31 --json', what: 'what somebody did since a day, for a script' },
  ],
  'audit head': [{ line: 'lms audit head', what: 'for a notebook, a ticket, another system: where this store is not' }],
  'audit verify': [
    { line: 'lms audit verify', what: 'is everything as it was sealed?' },
    {
      line: 'lms audit verify --head "$HEAD"',
      what: 'and does it go on from what was published?',
    },
    { line: 'lms audit verify --json', what: 'every finding, for a monitor' },
  ],
  'audit export': [
    { line: 'lms audit export trail.ndjson', what: 'for an auditor, who can verify it without LMS' },
    { line: 'lms audit export trail.csv --from 4711', what: 'from a position on, for a spreadsheet' },
  ],
  'audit seal': [{ line: 'lms audit seal', what: 'before a head is published' }],
  help: [
    { line: 'lms help', what: 'exit codes, environment and files too' },
    { line: 'lms help leads list', what: 'the same as lms leads list --help' },
  ],
  'completion bash': [
    { line: 'lms completion bash > ~/.local/share/bash-completion/completions/lms', what: 'for every new shell' },
    { line: 'source <(lms completion bash)', what: 'for this one' },
  ],
  'completion zsh': [{ line: 'lms completion zsh > ~/.zfunc/_lms', what: 'where ~/.zfunc is in your fpath' }],
  'completion fish': [
    { line: 'lms completion fish > ~/.config/fish/completions/lms.fish', what: 'for every new shell' },
  ],
};
