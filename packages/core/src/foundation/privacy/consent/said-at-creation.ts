import { type Instant, LmsError } from '../../kernel/index.js';
import type { BlockRequest, ConsentEvidence, NewConsent } from './consent-input.js';
import { type SaidConsent, saidConsent, type TermsReader } from './consent-terms.js';

/** What a person says while the subject that stands for it is made, checked. Plain data. */
export interface SaidAtCreation {
  readonly consents: readonly (SaidConsent & { readonly evidence: ConsentEvidence | null })[];
  readonly blocks: readonly BlockRequest[];
}

/** How many a subject may begin with. */
export const mostAtCreation = 20;

/**
 * Checks what is to be recorded with a new subject.
 * @returns null where nothing is
 * @throws LmsError as `consents.give` does, with a path such as `consents.0.purpose`; `INPUT_INVALID` for the same said twice
 */
export async function saidAtCreation(
  asked: { readonly consents?: readonly NewConsent[]; readonly contactBlocks?: readonly BlockRequest[] },
  reader: TermsReader,
  now: Instant,
): Promise<SaidAtCreation | null> {
  const { consents = [], contactBlocks = [] } = asked;
  if (consents.length === 0 && contactBlocks.length === 0) return null;
  const said: SaidAtCreation['consents'][number][] = [];
  for (const [place, { givenAt, expiresAt, evidence, ...terms }] of consents.entries()) {
    try {
      const consent = saidConsent(await reader.terms(terms), { givenAt, expiresAt }, now);
      said.push({ ...consent, evidence: evidence ?? null });
    } catch (error) {
      throw atPath(error, `consents.${place}`);
    }
  }
  refuseRepeats(said, ({ purpose, partner, givenAt }) => JSON.stringify([purpose, partner, givenAt]), 'consents');
  refuseRepeats(contactBlocks, ({ channel }) => channel, 'contactBlocks');
  return { consents: said, blocks: contactBlocks };
}

/** The error with its path below another; what is none of ours as it is. */
export function atPath(error: unknown, path: string): unknown {
  if (!LmsError.isInstance(error)) return error;
  const { code, message, details } = error;
  return new LmsError(code, {
    message,
    details,
    path: error.path === undefined ? path : `${path}.${error.path}`,
    cause: error,
  });
}

/** @throws LmsError `INPUT_INVALID` */
function refuseRepeats<One>(all: readonly One[], nameOf: (one: One) => string, path: string): void {
  const seen = new Set<string>();
  for (const [place, one] of all.entries()) {
    const name = nameOf(one);
    if (seen.has(name)) {
      const message = `${path}.${place} says once more what one before it says`;
      throw new LmsError('INPUT_INVALID', { message, path: `${path}.${place}` });
    }
    seen.add(name);
  }
}
