import type { Command } from 'commander';

/** `lms help [command...]`, at any depth; without words also what is the same for all commands. */
export function addHelpCommand(program: Command): void {
  program
    .helpCommand(false)
    .command('help')
    .description('explain a command; alone, also exit codes, environment and files')
    .argument('[command...]', 'its words, such as leads list')
    .action(async (words: readonly string[]) => {
      const named = await commandAt(program, words);
      if (words.length === 0) {
        const { generalHelp } = await import('../help/general-help.js');
        named.addHelpText('after', `\n${generalHelp()}`);
      }
      named.help();
    });
}

/** The deepest command that the words name. @throws CommanderError for a word that names none, with the nearest one */
async function commandAt(program: Command, words: readonly string[]): Promise<Command> {
  let current = program;
  for (const [index, word] of words.entries()) {
    const next = current.commands.find((command) => command.name() === word);
    // Typed as a command it gets the complaint and the suggestion that a command gets.
    if (next === undefined && current.commands.length > 0) {
      await program.parseAsync(words.slice(0, index + 1), { from: 'user' });
    }
    current = next ?? current;
  }
  return current;
}
