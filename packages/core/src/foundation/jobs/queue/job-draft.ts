import { z } from 'zod';
import { checkInput, type Instant, instantShape, type Json, LmsError } from '../../kernel/index.js';
import { lengthOfJson, requireJson } from '../require-json.js';
import { jobKindExpected, jobKindPattern, mostAttempts } from './job-kind.js';
import type { JobPriority } from './job-store.js';

/** A job to be added. */
export interface JobDraft {
  readonly kind: string;
  /** Ids and settings, never personal data; at most 32,000 characters of JSON. */
  readonly payload: Json;
  /** `normal` when absent. */
  readonly priority?: JobPriority;
  /** Not run before; at once when absent. */
  readonly runAt?: Instant;
  /** Tries before it is dead; that of its handler when absent. */
  readonly maxAttempts?: number;
  /** While a job of this kind with this key waits or runs, adding another gives that one; 1 to 255 characters. */
  readonly dedupeKey?: string;
  /** Ties it to the request that asked for it; its own id when absent. */
  readonly correlationId?: string;
}

const mostPayloadCharacters = 32_000;
const mostAddedAtOnce = 500;
/** Of all payloads that are added at once: more would keep the process from everything else meanwhile. */
const mostCharactersAtOnce = 1_000_000;
const draftShape: z.ZodType<JobDraft> = z.strictObject({
  kind: z.string().regex(jobKindPattern, { error: jobKindExpected }),
  payload: z.json(),
  priority: z.enum(['high', 'normal', 'low']).exactOptional(),
  runAt: instantShape.exactOptional(),
  maxAttempts: z.int().min(1).max(mostAttempts).exactOptional(),
  dedupeKey: z.string().min(1).max(255).exactOptional(),
  correlationId: z.string().min(1).max(100).exactOptional(),
});

const draftsShape: z.ZodType<readonly JobDraft[]> = z.array(draftShape).min(1).max(mostAddedAtOnce);

/** @throws LmsError `INPUT_INVALID`, `LIMIT_EXCEEDED` */
export function checkedDraft(given: JobDraft): JobDraft {
  const draft = checkInput(draftShape, given, 'the job cannot be added');
  requireShortPayload(draft, 'payload');
  return draft;
}

/** 1 to 500. @throws LmsError `INPUT_INVALID`, `LIMIT_EXCEEDED`, whose path begins with the place of the draft, from 0 */
export function checkedDrafts(given: readonly JobDraft[]): readonly JobDraft[] {
  requireShortTogether(given);
  const drafts = checkInput(draftsShape, given, 'the jobs cannot be added');
  drafts.forEach((draft, at) => {
    requireShortPayload(draft, `${at}.payload`);
  });
  return drafts;
}

function requireShortPayload({ payload }: JobDraft, path: string): void {
  requireJson(payload, { what: 'the payload', most: mostPayloadCharacters, path });
}

/** Looked at first, since looking closely takes long. What has no JSON is told of later. */
function requireShortTogether(given: readonly JobDraft[]): void {
  if (!Array.isArray(given)) return;
  let left = mostCharactersAtOnce;
  for (const draft of given.slice(0, mostAddedAtOnce)) {
    left -= lengthOfJson(draft?.payload) ?? 0;
    if (left >= 0) continue;
    const message = `the payloads have more than ${mostCharactersAtOnce} characters of JSON together; add fewer jobs at once`;
    throw new LmsError('LIMIT_EXCEEDED', { message, path: 'payload' });
  }
}
