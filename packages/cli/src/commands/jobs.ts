import type { Command } from 'commander';
import type { ScheduleListOptions } from '../actions/job-schedules.js';
import type { JobListOptions } from '../actions/jobs.js';
import type { Runner } from '../run.js';
import { changeOptions, pageOptions } from './shared-options.js';

export function addJobsCommands(program: Command, runner: Runner): void {
  const jobs = program.command('jobs').description('work that is done later: look at it, try it again, cancel it');
  changeOptions(
    jobs
      .command('list')
      .description('list jobs, the newest first')
      .option('--status <status>', 'waiting, running, done, dead or cancelled')
      .option('--kind <kind>', 'only jobs of this kind'),
    pageOptions({ most: 500, usual: 20 }),
  ).action((options: JobListOptions, command: Command) =>
    runner.inStore(command, async (session) => {
      const { listJobs } = await import('../actions/jobs.js');
      await listJobs(session, options);
    }),
  );
  jobs
    .command('show')
    .description('show one job: how far it is, and why it failed')
    .argument('<id>', 'the job')
    .action((id: string, _options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { showJob } = await import('../actions/jobs.js');
        await showJob(session, id);
      }),
    );
  changeOptions(
    jobs.command('schedules').description('list schedules that add jobs: when each last ran, and when it runs next'),
    pageOptions({ most: 500, usual: 50 }),
  ).action((options: ScheduleListOptions, command: Command) =>
    runner.inStore(command, async (session) => {
      const { listSchedules } = await import('../actions/job-schedules.js');
      await listSchedules(session, options);
    }),
  );
  jobs
    .command('retry')
    .description('let a dead or cancelled job run again, or one that waits for its next try run at once')
    .argument('<id>', 'the job')
    .action((id: string, _options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { retryJob } = await import('../actions/jobs.js');
        await retryJob(session, id);
      }),
    );
  jobs
    .command('cancel')
    .description('cancel a job that waits, or a dead one that nobody will mend; one that runs is asked to stop')
    .argument('<id>', 'the job')
    .action((id: string, _options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { cancelJob } = await import('../actions/jobs.js');
        await cancelJob(session, id);
      }),
    );
}
