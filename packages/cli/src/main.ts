import { type Command, CommanderError } from 'commander';
import { exitCodes } from './exit-codes.js';
import { buildProgram } from './program.js';
import { Runner } from './run.js';

/** Runs one command line and gives its exit code. Never throws. */
export async function main(commandLine: readonly string[]): Promise<number> {
  stopQuietlyWhenNobodyReads();
  const runner = new Runner(commandLine);
  const program = buildProgram(runner);
  try {
    await program.parseAsync(commandLine.length === 0 ? ['--help'] : commandLine, { from: 'user' });
    return runner.exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return tellUsage(thrown, program, commandLine);
    return tellError(thrown, commandLine);
  }
}

/** `lms leads list | head` closes the pipe early: that is no error. */
function stopQuietlyWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? exitCodes.ok : exitCodes.internal);
  });
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
  for (const word of commandLine) {
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
    style: styleFor(process.stderr.isTTY === true, process.env),
    debug: (process.env['LMS_DEBUG'] ?? '') !== '',
  });
  process.stderr.write(`${report.text}\n`);
  return report.exitCode;
}
