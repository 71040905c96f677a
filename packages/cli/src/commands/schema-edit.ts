import type { Command } from 'commander';
import type { SchemaEditOptions } from '../actions/schema-edit.js';
import type { Runner } from '../run.js';

export function addSchemaEditCommand(schema: Command, runner: Runner): void {
  schema
    .command('edit')
    .description('change a product line in your editor; what you save is checked before it is published')
    .argument('<line>', 'the product line')
    .option('--published', 'begin with what is published, not with the draft')
    .addHelpText('after', editHelp)
    .action((line: string, options: SchemaEditOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { editSchema } = await import('../actions/schema-edit.js');
        await editSchema(session, line, options);
      }),
    );
}

const editHelp = `
The editor is that of VISUAL or EDITOR (vi without them). You see what is wrong, with line and column, and what would
change; then you publish, keep a draft, edit again or throw it away. Needs a terminal; elsewhere take "lms schema show
LINE --definition" and "lms schema publish FILE".
`;
