import { createLms } from '#core';
import { hybrid } from '#core/storage/hybrid';
import { mysql } from '#core/storage/mysql';
import { sqlite } from '#core/storage/sqlite';
import { testKey } from '#core/testing';
import { newLead } from '../data/new-leads.ts';
import { adminWithLine } from '../data/personal-loan.ts';
import { emptyDatabases, type Servers } from '../data/servers.ts';
import { beSubject } from '../kit/subject.ts';
import { type Elapsed, startClocks } from '../kit/timing.ts';

export interface SealSettings {
  /** Leads made; each is changed once afterwards. */
  readonly leads: number;
  readonly store: { readonly file: string } | { readonly servers: Servers; readonly shape: 'mysql' | 'hybrid' };
}

export interface SealFound {
  /** Rows of the trail that were sealed. */
  readonly rows: number;
  readonly elapsed: Elapsed;
}

const leadsACall = 1_000;

function storageOf(store: SealSettings['store']) {
  if ('file' in store) return sqlite({ file: store.file });
  const { mongoUrl, mysqlUrl } = store.servers;
  if (store.shape === 'mysql') return mysql({ url: mysqlUrl });
  return hybrid({ mongo: { url: mongoUrl }, mysql: { url: mysqlUrl } });
}

/** Effects of commands, then one sealer that has them all before it. */
await beSubject<SealSettings, SealFound>(async ({ leads, store }) => {
  if ('servers' in store) await emptyDatabases(store.servers);
  await using lms = await createLms({ storage: storageOf(store), key: testKey });
  const admin = await adminWithLine(lms);
  for (let first = 0; first < leads; first += leadsACall) {
    const items = Array.from({ length: Math.min(leadsACall, leads - first) }, (_, index) => ({
      lead: newLead(first + index),
    }));
    const made = await admin.leads.createMany(items);
    await admin.leads.updateMany(
      made.flatMap((one) => (one.kind === 'created' ? [{ lead: one.leadId, patch: { campaign: 'diwali' } }] : [])),
    );
  }
  await lms.settle();
  const { unsealed } = (await lms.health()).trail;
  const clocks = startClocks();
  let rows = 0;
  for (let sealed = -1; sealed !== 0; rows += sealed) ({ sealed } = await admin.audit.seal());
  const elapsed = clocks();
  if (rows < unsealed) throw new Error(`${rows} rows were sealed of ${unsealed}`);
  return { rows, elapsed };
});
