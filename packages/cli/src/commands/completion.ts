import type { Command } from 'commander';

const shells = ['bash', 'zsh', 'fish'] as const;

export function addCompletionCommand(program: Command): void {
  const completion = program.command('completion').description('let a shell complete commands, options and values');
  for (const shell of shells) {
    completion
      .command(shell)
      .description(`print the script for ${shell}`)
      .action(async () => {
        const { completionScripts } = await import('../completion/scripts.js');
        process.stdout.write(completionScripts[shell]);
      });
  }
}
