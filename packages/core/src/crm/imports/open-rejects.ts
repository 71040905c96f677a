import type { ImportRequest } from './import-request.js';
import type { ImportPlan } from './plan-import.js';
import { RejectFile } from './rejects/reject-file.js';

/** null where rejected rows are not to be written. @throws LmsError `USAGE_INVALID`, `REJECT_FILE_EXISTS` */
export async function openRejects(
  request: ImportRequest,
  plan: ImportPlan,
  runName: string,
): Promise<RejectFile | null> {
  if (request.rejectFile === undefined) return null;
  return RejectFile.prepare({
    file: request.rejectFile,
    replace: request.replaceRejectFile === true,
    input: request.file,
    form: plan.source.form,
    headings: plan.header.headings,
    runName,
  });
}
