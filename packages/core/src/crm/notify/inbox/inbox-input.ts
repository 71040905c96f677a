import { z } from 'zod';
import { isId } from '../../../foundation/kernel/index.js';

export interface InboxListQuery {
  /** True: only those that were not read. */
  readonly unread?: boolean;
  /** `next` of the page before. */
  readonly after?: string;
  /** 1 to 100; 20 when absent. */
  readonly limit?: number;
}

export const inboxQueryShape: z.ZodType<InboxListQuery> = z.strictObject({
  unread: z.boolean().exactOptional(),
  after: z.string().min(1).max(100).exactOptional(),
  limit: z.int().min(1).max(100).exactOptional(),
});

export const inboxIdsShape: z.ZodType<readonly string[]> = z
  .array(z.string().refine(isId, { error: 'expected the id of a notice' }))
  .min(1)
  .max(200);
