import { systemActor } from '../../../foundation/kernel/index.js';

/** Jobs that send one notification each. */
export const noticeJobKind = 'notify.send';
/** In whose name they run. */
export const noticeActor: ReturnType<typeof systemActor> = systemActor('notify');

/** The job of a notification; while one waits or runs there is no second. */
export function noticeJob(id: string): {
  readonly kind: string;
  readonly payload: { readonly id: string };
  readonly dedupeKey: string;
} {
  return { kind: noticeJobKind, payload: { id }, dedupeKey: id };
}
