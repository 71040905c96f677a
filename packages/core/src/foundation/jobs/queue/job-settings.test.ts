import { expect, it } from 'vitest';
import { makePlace } from '../../../../test-support/shapes.js';
import { newStore } from '../../../../test-support/store.js';
import { createLms, type JobHandler, type JobSettings } from '../../../index.js';

const handler: JobHandler = { kind: 'acme.sync', run: async () => undefined };

const impossible: readonly { readonly settings: JobSettings; readonly path: string }[] = [
  { settings: { handlers: [{ ...handler, kind: 'Acme Sync' }] }, path: 'jobs.handlers' },
  { settings: { handlers: [handler, handler] }, path: 'jobs.handlers' },
  { settings: { handlers: [{ ...handler, kind: 'import.run' }] }, path: 'jobs.handlers' },
  { settings: { handlers: [{ ...handler, concurrency: 0 }] }, path: 'jobs.handlers.acme.sync.concurrency' },
  { settings: { handlers: [{ ...handler, maxAttempts: 0 }] }, path: 'jobs.handlers.acme.sync.maxAttempts' },
  {
    // A timer of JavaScript that is to wait for longer than 24.8 days fires at once.
    settings: { handlers: [{ ...handler, timeoutMillis: 30 * 24 * 60 * 60 * 1_000 }] },
    path: 'jobs.handlers.acme.sync.timeoutMillis',
  },
  {
    settings: { handlers: [{ ...handler, backoff: { firstMillis: 0, mostMillis: 5 } }] },
    path: 'jobs.handlers.acme.sync.backoff.firstMillis',
  },
  { settings: { pollMillis: 2 ** 31 }, path: 'jobs.pollMillis' },
];

it.each(impossible)('refuses at once what cannot be: $path', async ({ settings, path }) => {
  const place = await makePlace('sqlite');
  await expect(createLms({ storage: place.handle(), jobs: settings })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    path,
  });
  await place.remove();
});

it('refuses to work kinds that nothing here runs, or none at once, instead of working in silence; and works when it is told better', async () => {
  const place = await makePlace('sqlite');
  const { lms, admin } = await newStore(place.handle(), undefined, { jobs: { handlers: [handler] } });
  const { id } = await admin.jobs.add({ kind: handler.kind, payload: null });
  for (const [options, path] of [
    [{ kinds: ['acme.sinc'] }, 'kinds'],
    [{ concurrency: 0 }, 'concurrency'],
    [{ concurrency: Number.NaN }, 'concurrency'],
  ] as const) {
    await expect(lms.worker.start(options)).rejects.toMatchObject({ code: 'INPUT_INVALID', path });
  }
  await lms.worker.start({ kinds: [handler.kind] });
  await expect.poll(async () => (await admin.jobs.get(id)).status, { timeout: 20_000 }).toBe('done');
  await lms.close();
  await place.remove();
});
