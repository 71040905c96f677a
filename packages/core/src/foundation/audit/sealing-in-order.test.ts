import { afterAll, beforeAll, expect, it } from 'vitest';
import { allEngines, describeShapes } from '../../../test-support/shapes.js';
import { newStore, type TestStore } from '../../../test-support/store.js';
import { sampleSource } from '../../conformance/run-conformance.js';
import { sampleAuditRow } from '../../conformance/samples.js';
import type { Storage } from '../../storage/storage.js';
import { type DomainEvent, toInstant } from '../kernel/index.js';
import type { AuditRow } from './audit-store.js';

const source = sampleSource();

describeShapes((makeStorage) => {
  let storage: Storage;
  let desk: TestStore;
  beforeAll(async () => {
    storage = await makeStorage();
    desk = await newStore(storage);
    await desk.lms.settle();
    await desk.lms.tick();
  });
  afterAll(() => desk.lms.close());

  const written = (rows: readonly AuditRow[]): Promise<void> =>
    storage.unitOfWork.run('ledger', (unit) => storage.audit.insert(unit, rows));

  async function sealedOf(id: string): Promise<readonly number[]> {
    const rows = await storage.auditChain.rows(0, 5_000);
    return rows.flatMap(({ payload }) => (payload?.aggregate.id === id ? [payload.aggregate.version] : []));
  }

  it('follows the versions of what happened, not the clocks of who wrote, in batches too', async () => {
    const id = source.ids.next<'lead'>();
    const about = (version: number): AuditRow => sampleAuditRow(source, { aggregate: { kind: 'lead', id, version } });
    // Ids grow with time: the second change is by a process whose clock is ahead of that of the third.
    const third = about(3);
    const others = Array.from({ length: 600 }, () => sampleAuditRow(source));
    const [second, fourth] = [about(2), about(4)];
    await written([fourth, ...others, third, second]);
    await desk.admin.audit.seal();
    expect(await sealedOf(id)).toEqual([2, 3, 4]);
    expect(await storage.auditChain.waiting(1)).toMatchObject({ count: 0 });
  });

  it('waits with what followed an event that one home has not told the other yet, but not for ever', async () => {
    const id = source.ids.next<'lead'>();
    const at = toInstant(desk.clock.now());
    const event: DomainEvent = {
      id: source.ids.next<'event'>(),
      type: 'lead.updated',
      typeVersion: 1,
      aggregate: { kind: 'lead', id, version: 2 },
      at,
      actor: 'user:asha',
      via: null,
      command: 'leads.update',
      correlationId: 'test',
      causationId: null,
      data: {},
      sealed: null,
    };
    await storage.unitOfWork.run('documents', (unit) => storage.outbox.append(unit, [event]));
    const rows = [3, 1].map((version) => sampleAuditRow(source, { at, aggregate: { kind: 'lead', id, version } }));
    // More than a batch: what one row waits for is no reason to leave those of others for the next time.
    const others = Array.from({ length: 1_200 }, () => sampleAuditRow(source, { at }));
    await written([...rows, ...others]);
    expect(await desk.admin.audit.seal()).toEqual({
      sealed: others.length + (storage.unitOfWork.oneDatabase ? 2 : 1),
      busy: false,
    });
    // Where both homes are one database, nothing waits to be told: what is in the outbox is somebody else's.
    expect(await sealedOf(id)).toEqual(storage.unitOfWork.oneDatabase ? [1, 3] : [1]);
    desk.clock.advance('11m');
    await desk.admin.audit.seal();
    expect(await sealedOf(id)).toEqual([1, 3]);
    await storage.outbox.remove('documents', [event.id]);
  });
}, allEngines);
