import { type Command, CommanderError } from 'commander';
import { exitCodes } from './exit-codes.js';
import { colourFlagOf } from './output/colour-level.js';
import { buildProgram } from './program.js';
import { Runner } from './run.js';

/** Runs one command line and gives its exit code. Never throws. */
export async function main(commandLine: readonly string[]): Promise<number> {
  const unread = watchForNobodyReading();
  if (commandLine[0] === completing) return answerShell(commandLine.slice(1));
  const runner = new Runner({ commandLine, unread });
  const program = buildProgram(runner);
  try {
    await program.parseAsync(commandLine.length === 0 ? ['--help'] : commandLine, { from: 'user' });
    return unread.aborted ? exitCodes.ok : runner.exitCode;
  } catch (thrown) {
    if (unread.aborted) return exitCodes.ok;
    if (thrown instanceof CommanderError) return tellUsage(thrown, program, commandLine);
    return tellError(thrown, commandLine);
  }
}

/** How the scripts of `lms completion` ask what fits; no command, since it reads words as they are, options among them. */
const completing = '__complete';

/** Ends the process by itself: a store that does not answer must not keep the shell waiting. */
async function answerShell(words: readonly string[]): Promise<number> {
  const { completeWords } = await import('./completion/complete-words.js');
  const answer = await completeWords(words).catch(() => '');
  process.stdout.write(answer, () => process.exit(exitCodes.ok));
  return exitCodes.ok;
}

/**
 * `lms leads list | head` closes the pipe early: that is no error. What runs is asked to stop at its next safe place. Messages that
 * nobody reads are lost, and nothing else.
 */
function watchForNobodyReading(): AbortSignal {
  const unread = new AbortController();
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return unread.abort();
    process.stderr.write(`error: the answer cannot be written: ${error.message}\n`);
    process.exit(exitCodes.unavailable);
  });
  process.stderr.on('error', () => undefined);
  return unread.signal;
}

function tellUsage(error: CommanderError, program: Command, commandLine: readonly string[]): number {
  if (error.exitCode === 0) return exitCodes.ok;
  const name = commandNamed(program, commandLine);
  const next = `${name} --help`;
  // A group without a subcommand has printed its help already.
  if (error.code === 'commander.help') return exitCodes.usage;
  const message = error.message.replace(/^error: /, '');
  process.stderr.write(
    commandLine.includes('--json')
      ? `${JSON.stringify({ error: { code: 'USAGE_INVALID', category: 'input', retryable: false, message, next } }, null, 2)}\n`
      : `error: ${message}\n  next: ${next}\n`,
  );
  return exitCodes.usage;
}

/** The deepest command that the line names: `lms leads list`. */
function commandNamed(program: Command, commandLine: readonly string[]): string {
  let current = program;
  let name = program.name();
  for (const word of commandLine[0] === 'help' ? commandLine.slice(1) : commandLine) {
    const next = current.commands.find((command) => command.name() === word);
    if (next === undefined) continue;
    current = next;
    name += ` ${word}`;
  }
  return name;
}

async function tellError(thrown: unknown, commandLine: readonly string[]): Promise<number> {
  const [{ reportError }, { styleFor }] = await Promise.all([import('./errors.js'), import('./output/style.js')]);
  const report = reportError(thrown, {
    json: commandLine.includes('--json'),
    style: styleFor(process.stderr.isTTY === true, process.env, colourFlagOf(commandLine)),
    debug: (process.env['LMS_DEBUG'] ?? '') !== '',
  });
  process.stderr.write(`${report.text}\n`);
  return report.exitCode;
}
