import { access, constants } from 'node:fs/promises';
import { isHandedOn, type JobHandler, type JobQueue } from '../../foundation/jobs/index.js';
import { type Json, LmsError } from '../../foundation/kernel/index.js';
import { importJobKind, orderOf } from './import-order.js';
import type { ImportResult } from './import-request.js';
import type { ImportService } from './import-service.js';
import { inviteOthers } from './shared-imports.js';

const mostAttempts = 10;
/** How long others are waited for that could share an import: where there are none, no job is to look forgotten. */
const invitedMillis = 120_000;

/**
 * Runs detached imports. One that was killed or given back goes on where it was, as the same run: rows that were taken count as taken by it.
 * @param ports `imports` and `queue` are asked for when a job runs
 */
export function importJobHandler(ports: {
  readonly imports: () => ImportService;
  readonly queue: () => JobQueue;
}): JobHandler {
  return {
    kind: importJobKind,
    maxAttempts: mostAttempts,
    // Reading and sealing a file fills a core.
    concurrency: 2,
    resumable: true,
    async run({ job, actor, signal, progress }) {
      const order = orderOf(job.payload);
      const { request } = order;
      await requireReachable(request.file);
      const imports = ports.imports();
      const invited = await inviteOthers(ports.queue(), { job, actor, request, workers: imports.workers });
      const withdraw = (): Promise<void> =>
        ports
          .queue()
          .withdraw(invited)
          .catch(() => undefined);
      const soon = setTimeout(() => void withdraw(), invitedMillis);
      const result = await imports
        .goOn(
          actor,
          { order, shared: invited.length > 0, isHandedOn: () => isHandedOn(signal) },
          { signal, onProgress: (told) => progress({ ...told }) },
        )
        .finally(() => {
          clearTimeout(soon);
          return withdraw();
        });
      if (result.status === 'stopped') {
        throw new LmsError('COMMAND_ABORTED', { message: 'the import was stopped between two batches' });
      }
      const { runId, status, counts, rejectFile } = result;
      return { runId, status, counts: { ...counts }, ...saidIn(result), rejectFile };
    },
  };
}

/** Another worker may reach what this one does not. @throws LmsError `IMPORT_FILE_UNREACHABLE` */
async function requireReachable(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK);
  } catch (cause) {
    throw new LmsError('IMPORT_FILE_UNREACHABLE', { message: 'this worker cannot read the file', path: file, cause });
  }
}

/** What rows said of consents; nothing where the import asked for none. */
function saidIn({ consents, contactBlocks }: ImportResult): {
  readonly consents?: Json;
  readonly contactBlocks?: Json;
} {
  return {
    ...(consents.length === 0 ? {} : { consents: JSON.parse(JSON.stringify(consents)) }),
    ...(contactBlocks.length === 0 ? {} : { contactBlocks: JSON.parse(JSON.stringify(contactBlocks)) }),
  };
}
