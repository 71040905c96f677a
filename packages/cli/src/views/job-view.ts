import type { Job } from '@lms/core';
import type { Format } from '../output/format.js';
import { printable, type Style } from '../output/index.js';

/** A job on paper. */
export function jobView(job: Job, { format, style }: { readonly format: Format; readonly style: Style }): string {
  const { status, startedAt, finishedAt, worker, lastError, progress, result, cancelRequested } = job;
  const line = (name: string, text: string | null): readonly string[] =>
    text === null ? [] : [`${name.padEnd(10)}${printable(text)}`];
  return [
    style.bold(printable(job.kind)),
    ...line('Status', cancelRequested ? `${status}, asked to stop` : status),
    ...line('Added', `${format.time(job.createdAt)} by ${job.actor}`),
    ...line('Due', status === 'waiting' ? format.time(job.runAt) : null),
    ...line('Started', startedAt === null ? null : format.time(startedAt)),
    ...line('Ended', finishedAt === null ? null : format.time(finishedAt)),
    ...line('Tries', `${job.attempts} of ${job.maxAttempts}`),
    ...line('Error', lastError),
    ...line('Worker', worker),
    ...line('Payload', JSON.stringify(job.payload)),
    ...line('Progress', progress === null ? null : JSON.stringify(progress)),
    ...line('Result', result === null ? null : JSON.stringify(result)),
  ].join('\n');
}
