import type { Command } from 'commander';

/** What every command takes. */
export interface GlobalOptions {
  readonly json?: true;
  readonly store?: string;
  readonly actor?: string;
  readonly config?: string;
  readonly quiet?: true;
  /** False with `--no-input`. */
  readonly input: boolean;
  /** True with `--color`, false with `--no-color`. */
  readonly color?: boolean;
  /** Of `lms work` alone. */
  readonly redis?: string;
}

export function addGlobalOptions(program: Command): Command {
  return program
    .option('--json', 'print the answer, or the error, as JSON')
    .option('--store <name>', 'a store of lms.config.json (default: its defaultStore, or LMS_STORE)')
    .option('--actor <id>', 'act as this user (default: LMS_ACTOR, or your operating-system user)')
    .option('--no-input', 'never ask; refuse what would need an answer')
    .option('--config <file>', 'the configuration file (default: LMS_CONFIG, or the nearest lms.config.json)')
    .option('--quiet', 'print no messages, only answers and errors')
    .option('--color', 'colour the answer even where it does not go to a terminal')
    .option('--no-color', 'colour nothing');
}
