import type { Command } from 'commander';
import type { MappingExportOptions, MappingListOptions, MappingNameOptions } from '../actions/mappings.js';
import type { Runner } from '../run.js';
import { changeOptions, pageOptions } from './shared-options.js';

export function addMappingsCommands(program: Command, runner: Runner): void {
  const mappings = program.command('mappings').description('how the files of each source are read');
  changeOptions(
    mappings
      .command('list')
      .description('list the saved mappings')
      .option('--product <line>', 'only of this product line'),
    pageOptions({ most: 200, usual: 50 }),
  ).action((options: MappingListOptions, command: Command) =>
    runner.inStore(command, async (session) => {
      const { listMappings } = await import('../actions/mappings.js');
      await listMappings(session, options);
    }),
  );
  mappings
    .command('show')
    .description('show which column a saved mapping reads into which field')
    .argument('<name>', 'the mapping')
    .requiredOption('--product <line>', 'its product line')
    .action((name: string, options: MappingNameOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { showMapping } = await import('../actions/mappings.js');
        await showMapping(session, name, options);
      }),
    );
  mappings
    .command('save')
    .description('save a mapping file under a name')
    .argument('<name>', 'the mapping; the name of the source, so that its imports find it')
    .argument('<file>', 'a mapping as YAML or JSON, or - for standard input')
    .requiredOption('--product <line>', 'its product line')
    .action((name: string, file: string, options: MappingNameOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { saveMapping } = await import('../actions/mappings.js');
        await saveMapping(session, { name, file }, options);
      }),
    );
  mappings
    .command('export')
    .description('write a saved mapping as a YAML file, to be changed and used with --mapping')
    .argument('<name>', 'the mapping')
    .requiredOption('--product <line>', 'its product line')
    .option('--output <file>', 'where to (default: standard output)')
    .action((name: string, options: MappingExportOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { exportMapping } = await import('../actions/mappings.js');
        await exportMapping(session, name, options);
      }),
    );
  mappings
    .command('remove')
    .description('remove a saved mapping')
    .argument('<name>', 'the mapping')
    .requiredOption('--product <line>', 'its product line')
    .action((name: string, options: MappingNameOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { removeMapping } = await import('../actions/mappings.js');
        await removeMapping(session, name, options);
      }),
    );
}
