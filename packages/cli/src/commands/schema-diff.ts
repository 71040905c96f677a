import type { Command } from 'commander';
import type { SchemaDiffOptions } from '../actions/schema-diff.js';
import type { Runner } from '../run.js';

export function addSchemaDiffCommand(schema: Command, runner: Runner): void {
  schema
    .command('diff')
    .description('tell in words what differs between two definitions of a product line')
    .argument('<line>', 'the product line')
    .option('--from <which>', 'the older one (default: what is published, or the version before --to)')
    .option('--to <which>', 'the newer one (default: the draft, or what is published)')
    .addHelpText('after', diffHelp)
    .action((line: string, options: SchemaDiffOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { diffSchema } = await import('../actions/schema-diff.js');
        await diffSchema(session, line, options);
      }),
    );
}

const diffHelp = `
WHICH is a version of the fields (3) or of the pipeline (pipeline:3), with what the other part was then; "draft";
"published"; or a definition file. With --json each change has its path in the definition.
`;
