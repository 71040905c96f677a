import { LmsError } from '../../foundation/kernel/index.js';
import { versionOf } from './definition-publisher.js';
import type { DefinitionPartName, DefinitionStore, LineHead, StoredDefinition } from './definition-store.js';

/** A published version of a part of a line. */
export interface PartVersion {
  readonly part: DefinitionPartName;
  readonly version: number;
}

/**
 * Which version each part of a line had when one of them was published.
 * @throws LmsError `SCHEMA_VERSION_NOT_FOUND`
 */
export async function versionsAt(
  store: Pick<DefinitionStore, 'version'>,
  head: LineHead,
  at: PartVersion,
): Promise<Pick<LineHead, 'schemaVersion' | 'pipelineVersion'>> {
  const { publishedAt } = await stored(store, head.slug, at);
  const of = async (part: DefinitionPartName): Promise<number> => {
    if (part === at.part) return at.version;
    return lastUntil(publishedAt, versionOf(head, part), (version) => stored(store, head.slug, { part, version }));
  };
  return { schemaVersion: await of('fields'), pipelineVersion: await of('pipeline') };
}

/** The last of the versions 1 to `newest` that was published by then; the first when none was. */
async function lastUntil(
  then: string,
  newest: number,
  read: (version: number) => Promise<StoredDefinition>,
): Promise<number> {
  let low = 1;
  let high = newest;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((await read(middle)).publishedAt <= then) low = middle;
    else high = middle - 1;
  }
  return low;
}

async function stored(
  store: Pick<DefinitionStore, 'version'>,
  slug: string,
  { part, version }: PartVersion,
): Promise<StoredDefinition> {
  const found = await store.version(null, slug, part, version);
  if (found !== null) return found;
  throw new LmsError('SCHEMA_VERSION_NOT_FOUND', {
    message: `${slug} has no version ${version} of its ${part}`,
    path: 'version',
  });
}
