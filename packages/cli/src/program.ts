import { Command } from 'commander';
import { addAuditCommands } from './commands/audit.js';
import { addBackupCommands } from './commands/backup.js';
import { addBoardCommand } from './commands/board.js';
import { addCalendarsCommands } from './commands/calendars.js';
import { addCompletionCommand } from './commands/completion.js';
import { addConsentCommands } from './commands/consent.js';
import { addDoctorCommand } from './commands/doctor.js';
import { addEventsCommands } from './commands/events.js';
import { addExchangesCommands } from './commands/exchanges.js';
import { addHelpCommand } from './commands/help.js';
import { addImportCommand } from './commands/import.js';
import { addImportsCommands } from './commands/imports.js';
import { addInitCommand } from './commands/init.js';
import { addJobsCommands } from './commands/jobs.js';
import { addKeysCommands } from './commands/keys.js';
import { addLeadsCommands } from './commands/leads.js';
import { addMappingsCommands } from './commands/mappings.js';
import { addNotifyCommands } from './commands/notify.js';
import { addReportCommands } from './commands/report.js';
import { addSchemaCommands } from './commands/schema.js';
import { addStagesCommands } from './commands/stages.js';
import { addStorageCommands } from './commands/storage.js';
import { addTasksCommands } from './commands/tasks.js';
import { addTickCommand } from './commands/tick.js';
import { addTimersCommands } from './commands/timers.js';
import { addUsersCommands } from './commands/users.js';
import { addWebhooksCommands } from './commands/webhooks.js';
import { addWorkCommand } from './commands/work.js';
import { addGlobalOptions } from './global-options.js';
import { dressProgram } from './help/dress-program.js';
import { helpLook, helpOutput } from './help/help-output.js';
import type { Runner } from './run.js';
import { packageVersion } from './version.js';

const beginning = `
Begin with:
  lms init
  lms schema publish product-lines/personal-loan.yaml
  lms import leads.xlsx --product personal-loan
  lms board --product personal-loan

Exit codes: 0 done, 1 defect, 2 usage or configuration, 3 input refused,
4 done with rejects, 5 conflict, 6 forbidden, 7 unavailable, 130 stopped.
More: lms help`;

/** The command tree. Loads nothing heavy: actions do, when they run. */
export function buildProgram(runner: Runner): Command {
  const program = new Command('lms')
    .description('Leads from a file into a working pipeline.')
    .version(packageVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .configureHelp(helpLook)
    .configureOutput(helpOutput(runner.invocation.commandLine))
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText('after', beginning);
  addGlobalOptions(program);
  program.commandsGroup('Set up:');
  addInitCommand(program, runner);
  addSchemaCommands(program, runner);
  addStagesCommands(program, runner);
  addUsersCommands(program, runner);
  addCalendarsCommands(program, runner);
  program.commandsGroup('Bring in:');
  addImportCommand(program, runner);
  addImportsCommands(program, runner);
  addMappingsCommands(program, runner);
  program.commandsGroup('Work:');
  addLeadsCommands(program, runner);
  addTasksCommands(program, runner);
  addConsentCommands(program, runner);
  addBoardCommand(program, runner);
  addReportCommands(program, runner);
  program.commandsGroup('Look after:');
  addDoctorCommand(program, runner);
  addBackupCommands(program, runner);
  addStorageCommands(program, runner);
  addAuditCommands(program, runner);
  addKeysCommands(program, runner);
  addTickCommand(program, runner);
  addWorkCommand(program, runner);
  addJobsCommands(program, runner);
  addTimersCommands(program, runner);
  addWebhooksCommands(program, runner);
  addNotifyCommands(program, runner);
  addExchangesCommands(program, runner);
  addEventsCommands(program, runner);
  addCompletionCommand(program);
  addHelpCommand(program);
  return dressProgram(program);
}
