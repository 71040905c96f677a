import { Command } from 'commander';
import { addBoardCommand } from './commands/board.js';
import { addDoctorCommand } from './commands/doctor.js';
import { addImportCommand } from './commands/import.js';
import { addImportsCommands } from './commands/imports.js';
import { addInitCommand } from './commands/init.js';
import { addLeadsCommands } from './commands/leads.js';
import { addReportCommands } from './commands/report.js';
import { addSchemaCommands } from './commands/schema.js';
import { addStagesCommands } from './commands/stages.js';
import { addTasksCommands } from './commands/tasks.js';
import { addUsersCommands } from './commands/users.js';
import { addGlobalOptions } from './global-options.js';
import type { Runner } from './run.js';
import { packageVersion } from './version.js';

const exitCodesHelp = `
Exit codes: 0 done, 1 defect, 2 usage or configuration, 3 input refused, 4 done with rejects, 5 conflict,
6 forbidden, 7 unavailable, 130 stopped.

Begin with:
  lms init
  lms schema publish product-lines/personal-loan.yaml
  lms import leads.xlsx --product personal-loan
  lms board --product personal-loan
`;

/** The command tree. Loads nothing heavy: actions do, when they run. */
export function buildProgram(runner: Runner): Command {
  const program = new Command('lms')
    .description('Leads from a file into a working pipeline.')
    .version(packageVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => undefined })
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText('after', exitCodesHelp);
  addGlobalOptions(program);
  addInitCommand(program, runner);
  addSchemaCommands(program, runner);
  addImportCommand(program, runner);
  addImportsCommands(program, runner);
  addLeadsCommands(program, runner);
  addTasksCommands(program, runner);
  addBoardCommand(program, runner);
  addStagesCommands(program, runner);
  addReportCommands(program, runner);
  addUsersCommands(program, runner);
  addDoctorCommand(program, runner);
  return program;
}
