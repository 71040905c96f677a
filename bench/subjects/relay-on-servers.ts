import { createLms, LmsError, type Storage, type UnitOfWork } from '#core';
import { hybrid } from '#core/storage/hybrid';
import { testKey } from '#core/testing';
import { newLead } from '../data/new-leads.ts';
import { adminWithLine } from '../data/personal-loan.ts';
import { emptyDatabases, type Servers } from '../data/servers.ts';
import { beSubject } from '../kit/subject.ts';

export interface RelaySettings {
  /** Leads made; each is changed once afterwards. */
  readonly leads: number;
  readonly servers: Servers;
}

export interface RelayFound {
  readonly events: number;
  readonly millis: number;
  /** Of this process, not of the servers. */
  readonly cpuMillis: number;
}

const leadsACall = 1_000;

/** While `away.ledger` no command reaches the ledger, so that its events wait for a relay. */
function withLedgerAway(storage: Storage, away: { ledger: boolean }): Storage {
  const { unitOfWork } = storage;
  const run: UnitOfWork['run'] = (home, work, options) =>
    away.ledger && home === 'ledger'
      ? Promise.reject(new LmsError('STORE_UNAVAILABLE', { message: 'the ledger is away' }))
      : unitOfWork.run(home, work, options);
  return { ...storage, unitOfWork: { oneDatabase: unitOfWork.oneDatabase, run } };
}

await beSubject<RelaySettings, RelayFound>(async ({ leads, servers }) => {
  await emptyDatabases(servers);
  const away = { ledger: false };
  const storage = hybrid({ mongo: { url: servers.mongoUrl }, mysql: { url: servers.mysqlUrl } });
  await using lms = await createLms({ storage: withLedgerAway(storage, away), key: testKey });
  const admin = await adminWithLine(lms);
  away.ledger = true;
  for (let first = 0; first < leads; first += leadsACall) {
    const items = Array.from({ length: Math.min(leadsACall, leads - first) }, (_, index) => ({
      lead: newLead(first + index),
    }));
    const made = await admin.leads.createMany(items);
    await admin.leads.updateMany(
      made.flatMap((one) => (one.kind === 'created' ? [{ lead: one.leadId, patch: { campaign: 'diwali' } }] : [])),
    );
  }
  away.ledger = false;
  const { homes } = await lms.health();
  const begun = performance.now();
  const cpu = process.cpuUsage();
  let events = 0;
  for (;;) {
    const { projected } = await lms.tick();
    events += projected;
    if (projected === 0) break;
  }
  const used = process.cpuUsage(cpu);
  if (events !== homes.documents.waiting) throw new Error(`${events} events told of ${homes.documents.waiting}`);
  return { events, millis: performance.now() - begun, cpuMillis: (used.user + used.system) / 1000 };
});
