import { importJobKind, importShareKind } from './crm/imports/index.js';
import { noticeJobKind } from './crm/notify/index.js';

/** Kinds of jobs that services of ours add and run, which check what their jobs are about. */
export const ownJobKinds: ReadonlySet<string> = new Set([importJobKind, importShareKind, noticeJobKind]);
