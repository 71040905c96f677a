import { createLms } from '#core';
import { hybrid } from '#core/storage/hybrid';
import { testKey } from '#core/testing';
import { newLead } from '../data/new-leads.ts';
import { adminWithLine } from '../data/personal-loan.ts';
import { emptyDatabases, type Servers } from '../data/servers.ts';
import { type Load, timeCallers } from '../kit/callers.ts';
import { beSubject } from '../kit/subject.ts';
import type { Timing } from '../kit/timing.ts';

export interface ServersSettings {
  readonly load: Load;
  readonly servers: Servers;
}

await beSubject<ServersSettings, Timing>(async ({ load, servers }) => {
  await emptyDatabases(servers);
  const storage = hybrid({ mongo: { url: servers.mongoUrl }, mysql: { url: servers.mysqlUrl } });
  await using lms = await createLms({ storage, key: testKey });
  const admin = await adminWithLine(lms);
  return await timeCallers(load, (serial) => admin.leads.create(newLead(serial)));
});
