import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePlace, type StorePlace } from '../../../test-support/shapes.js';
import { newStore, type TestStore } from '../../../test-support/store.js';
import { sampleSource } from '../../conformance/run-conformance.js';
import { sampleAuditRow } from '../../conformance/samples.js';
import type { WatchItem } from './event-watch.js';

let place: StorePlace;
let desk: TestStore;
beforeAll(async () => {
  place = await makePlace('sqlite');
  desk = await newStore(place.handle());
});
afterAll(async () => {
  await desk.lms.close();
  await place.remove();
});

/** Events of somebody else, given their positions. */
async function happen(count: number): Promise<void> {
  const storage = place.handle();
  await storage.open();
  const source = sampleSource();
  const rows = Array.from({ length: count }, () => sampleAuditRow(source));
  await storage.unitOfWork.run('ledger', (unit) => storage.audit.insert(unit, rows));
  await storage.close();
  for (let sealed = 1; sealed > 0; { sealed } = await desk.admin.audit.seal());
}

it('passes over what a reader that was at the end is too far behind for, says so, and goes on', async () => {
  await happen(1);
  const from = (await desk.admin.audit.head())?.position ?? 0;
  // It comes to the end with its first event, and so is at the end from then on.
  const watch = desk.admin.events.watch({ from: from - 1, pollMillis: 10 })[Symbol.asyncIterator]();
  expect((await watch.next()).value).toMatchObject({ kind: 'event', position: from });

  // Nobody asks for the next item meanwhile.
  await happen(10_050);
  const second: WatchItem | undefined = (await watch.next()).value ?? undefined;
  expect(second).toEqual({ kind: 'gap', position: from + 10_050, missed: 10_050 });
  const third = watch.next();
  await happen(1);
  expect((await third).value).toMatchObject({ kind: 'event', position: from + 10_051 });
  await watch.return?.();

  const resumed = desk.admin.events.watch({ from })[Symbol.asyncIterator]();
  expect((await resumed.next()).value, 'who asks for a position gets what came after it').toMatchObject({
    kind: 'event',
    position: from + 1,
  });
  await resumed.return?.();
});
