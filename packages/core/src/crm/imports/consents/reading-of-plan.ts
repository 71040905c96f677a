import type { LeadIntake } from '../../leads/index.js';
import type { ImportRequest } from '../import-request.js';
import type { PlannedConsents } from './planned-consents.js';
import type { ConsentReading } from './row-consents.js';

/** How rows are read for consents; null where they say nothing. */
export function consentReading(
  { consents, fileName }: { readonly consents: PlannedConsents; readonly fileName: string },
  { drafter }: Pick<LeadIntake, 'drafter'>,
): ConsentReading | null {
  if (consents.consents.length + consents.blocks.length === 0) return null;
  return { ...consents, fileName, timeZone: drafter.kit.timeZone };
}

/** The request with the versions of the texts as they were found: rows of one file agree to one text, whoever takes them when. */
export function withWordings(request: ImportRequest, { consents: planned }: PlannedConsents): ImportRequest {
  const { consents } = request;
  if (consents === undefined) return request;
  return {
    ...request,
    consents: consents.map((consent, place) => {
      const version = planned[place]?.terms.wording.version;
      return version === undefined ? consent : { ...consent, wording: { ...consent.wording, version } };
    }),
  };
}
