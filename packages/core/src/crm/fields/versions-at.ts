import { LmsError } from '../../foundation/kernel/index.js';
import { versionOf } from './definition-publisher.js';
import type { DefinitionPartName, DefinitionStore, LineHead, StoredDefinition } from './definition-store.js';

/** A moment in the life of a line: when a version of a part was published. */
export interface PartVersion {
  readonly part: DefinitionPartName;
  readonly version: number;
  /** The moment before: what that publish wrote over. */
  readonly justBefore?: true;
}

/**
 * Which version each part of a line had at that moment.
 * @throws LmsError `SCHEMA_VERSION_NOT_FOUND`, also for the moment before the first version
 */
export async function versionsAt(
  store: Pick<DefinitionStore, 'version'>,
  head: LineHead,
  { part: named, version, justBefore }: PartVersion,
): Promise<Pick<LineHead, 'schemaVersion' | 'pipelineVersion'>> {
  const { publishedAt: then } = await stored(store, head.slug, { part: named, version });
  const wanted = justBefore === true ? version - 1 : version;
  await stored(store, head.slug, { part: named, version: wanted });
  const of = async (part: DefinitionPartName): Promise<number> => {
    if (part === named) return wanted;
    return lastVersion(versionOf(head, part), async (each) => {
      const { publishedAt } = await stored(store, head.slug, { part, version: each });
      return justBefore === true ? publishedAt < then : publishedAt <= then;
    });
  };
  return { schemaVersion: await of('fields'), pipelineVersion: await of('pipeline') };
}

/** The last of the versions 1 to `newest` that was there already; the first when none was. */
async function lastVersion(newest: number, wasThere: (version: number) => Promise<boolean>): Promise<number> {
  let low = 1;
  let high = newest;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (await wasThere(middle)) low = middle;
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
