import { type Finding, LmsError } from '../../foundation/kernel/index.js';
import type { Layout } from '../migrations-port.js';
import { newestLayout } from './migrations.js';

/** @throws LmsError `STORE_TOO_NEW` for a layout that this release may not work with */
export function refuseTooNew({ version, readableBy }: Layout, place: string): void {
  if (readableBy <= newestLayout) return;
  throw new LmsError('STORE_TOO_NEW', {
    message: `${place} was written by a newer release (layout ${version}, for releases that know ${readableBy} or later; this one knows ${newestLayout}); upgrade LMS`,
    path: place,
    details: { found: version, readableBy, known: newestLayout },
  });
}

/** @throws LmsError `STORE_OUTDATED` for a layout before the newest */
export function refuseOutdated({ version }: Layout, place: string): void {
  if (version >= newestLayout) return;
  throw new LmsError('STORE_OUTDATED', {
    message: `${place} has layout ${version}; this release works with ${newestLayout}. Migrate it: lms storage migrate`,
    path: place,
    details: { found: version, known: newestLayout },
  });
}

/**
 * A release that a newer layout still allows works on beside it, but knows not all that it holds: a copy would lack the rest.
 * @throws LmsError `STORE_TOO_NEW` for a layout after the newest
 */
export function refuseCopying(layout: Layout | null, place: string): void {
  if (layout === null || layout.version <= newestLayout) return;
  const { version } = layout;
  throw new LmsError('STORE_TOO_NEW', {
    message: `${place} has layout ${version}; this release knows ${newestLayout}, so its backup would leave out what is newer. Back up with the newer release`,
    path: place,
    details: { found: version, known: newestLayout },
  });
}

/** For `lms doctor`: the layout, and how it stands to this release. */
export function layoutFinding(name: string, layout: Layout | null): Finding {
  if (layout === null) return { name, ok: false, message: 'the tables are gone; restore the store from a backup' };
  const { version, readableBy } = layout;
  if (version <= newestLayout) return { name, ok: true, message: `version ${version} of ${newestLayout}` };
  const message = `version ${version}, of a newer release; this one knows ${newestLayout} and works with it (${readableBy} or later may)`;
  return { name, ok: true, message };
}
