import { createLms } from '#core';
import { sqlite } from '#core/storage/sqlite';
import { newLead } from '../data/new-leads.ts';
import { adminWithLine } from '../data/personal-loan.ts';
import { type Load, timeCallers } from '../kit/callers.ts';
import { beSubject } from '../kit/subject.ts';
import type { Timing } from '../kit/timing.ts';

export interface EmbeddedSettings {
  readonly load: Load;
  /** Must not exist yet. */
  readonly file: string;
}

await beSubject<EmbeddedSettings, Timing>(async ({ load, file }) => {
  await using lms = await createLms({ storage: sqlite({ file }) });
  const admin = await adminWithLine(lms);
  return await timeCallers(load, (serial) => admin.leads.create(newLead(serial)));
});
