import type { Command } from 'commander';
import type { FieldTypeListOptions, LineListOptions, SchemaShowOptions } from '../actions/schema.js';
import type { SchemaTypesOptions } from '../actions/schema-types.js';
import { wholeNumber } from '../input/whole-number.js';
import type { Runner } from '../run.js';
import { addSchemaDiffCommand } from './schema-diff.js';
import { addSchemaEditCommand } from './schema-edit.js';

export function addSchemaCommands(program: Command, runner: Runner): void {
  const schema = program.command('schema').description('fields and pipelines of product lines');
  schema
    .command('list')
    .description('list the product lines')
    .option('--limit <number>', 'how many', wholeNumber(1, 10_000), 100)
    .action((options: LineListOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { listLines } = await import('../actions/schema.js');
        await listLines(session, options);
      }),
    );
  schema
    .command('show')
    .description('show the fields of a product line')
    .argument('<line>', 'the product line')
    .option('--at <version>', 'a former version of the fields', wholeNumber(1, 1_000_000))
    .option('--definition', 'print the definition file instead, ready to edit and publish')
    .action((line: string, options: SchemaShowOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { showLine } = await import('../actions/schema.js');
        await showLine(session, line, options);
      }),
    );
  schema
    .command('lint')
    .description('say everything that is wrong with a definition file; publish nothing')
    .argument('<file>', 'a definition file (YAML or JSON), or - for standard input')
    .action((file: string, _options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { lintDefinition } = await import('../actions/schema-publish.js');
        await lintDefinition(session, file);
      }),
    );
  schema
    .command('publish')
    .description('publish definition files: new versions of fields and pipeline, all or none of a file')
    .argument('<files...>', 'definition files (YAML or JSON), or - for standard input')
    .action((files: readonly string[], _options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { publishDefinitions } = await import('../actions/schema-publish.js');
        await publishDefinitions(session, files);
      }),
    );
  schema
    .command('field-types')
    .description('list the types that fields may have, also those of plugins')
    .option('--limit <number>', 'how many', wholeNumber(1, 10_000), 1000)
    .action((options: FieldTypeListOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { listFieldTypes } = await import('../actions/schema.js');
        await listFieldTypes(session, options);
      }),
    );
  addSchemaDiffCommand(schema, runner);
  addSchemaEditCommand(schema, runner);
  schema
    .command('types')
    .description('write the TypeScript types of the product lines, for createLms<Lines>()')
    .option('--output <file>', 'where to (default: standard output)')
    .action((options: SchemaTypesOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { writeTypes } = await import('../actions/schema-types.js');
        await writeTypes(session, options);
      }),
    );
}
