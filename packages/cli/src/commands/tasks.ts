import type { Command } from 'commander';
import type { TaskCompleteOptions, TaskListOptions } from '../actions/tasks.js';
import { collect } from '../input/collect.js';
import type { Runner } from '../run.js';
import { changeOptions, fieldInput, pageOptions, writeOptions } from './shared-options.js';

export function addTasksCommands(program: Command, runner: Runner): void {
  const tasks = program.command('tasks').description('the work that leads wait for');
  changeOptions(
    tasks
      .command('list')
      .description('list the open tasks of a lead, or of the leads you see')
      .argument('[lead]', 'a lead, by number or id')
      .option('--product <line>', 'only of this product line')
      .option('--stage <stage>', 'only of leads in this stage (repeatable)', collect)
      .option('--owner <id>', 'only of leads of this user, or "none" for unowned leads')
      .option('--all', 'closed tasks too'),
    pageOptions({ most: 200, usual: 20, what: 'how many leads to look at' }),
  ).action((lead: string | undefined, options: TaskListOptions, command: Command) =>
    runner.inStore(command, async (session) => {
      const { listTasks } = await import('../actions/tasks.js');
      await listTasks(session, lead, options);
    }),
  );
  const complete = tasks
    .command('complete')
    .description('complete a task of a lead')
    .argument('<lead>', 'the lead, by number or id')
    .argument('<task>', 'the task, by its id or the slug of its template')
    .option('--skip', 'skip it instead; only a task that is not required');
  changeOptions(complete, [...fieldInput, ...writeOptions]).action(
    (lead: string, task: string, options: TaskCompleteOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { completeTask } = await import('../actions/tasks.js');
        await completeTask(session, { lead, task }, options);
      }),
  );
}
