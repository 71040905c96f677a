import type { ImportRequest } from './import-request.js';
import type { ImportPlan } from './plan-import.js';
import {
  RejectFile,
  type RejectFileOptions,
  type RejectPlace,
  requireRejectPlace,
  type TakenName,
} from './rejects/reject-file.js';

/** @throws LmsError `USAGE_INVALID`, `REJECT_FILE_EXISTS` */
export async function checkRejectPlace(request: ImportRequest): Promise<void> {
  const place = placeOf(request, 'refuses');
  if (place !== null) await requireRejectPlace(place);
}

/**
 * null where rejected rows are not to be written.
 * @param otherwise what becomes of a file that has the name, where the request does not say that it may be replaced
 * @throws LmsError `USAGE_INVALID`, `REJECT_FILE_EXISTS`
 */
export async function openRejects(
  request: ImportRequest,
  plan: ImportPlan,
  { otherwise, ...names }: { readonly otherwise: TakenName } & Pick<RejectFileOptions, 'runName' | 'tryName'>,
): Promise<RejectFile | null> {
  const place = placeOf(request, otherwise);
  if (place === null) return null;
  const { form } = plan.source;
  return RejectFile.prepare({ ...place, form, headings: plan.header.headings, ...names });
}

function placeOf({ rejectFile, replaceRejectFile, file }: ImportRequest, otherwise: TakenName): RejectPlace | null {
  if (rejectFile === undefined) return null;
  return { file: rejectFile, taken: replaceRejectFile === true ? 'is-replaced' : otherwise, input: file };
}
