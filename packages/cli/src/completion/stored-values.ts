import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { chooseActor } from '../actor.js';
import { findAndRead, type OpenLms, openLms, type Surroundings } from '../open-lms.js';
import type { Candidate } from './completion.js';
import type { ValueKind } from './value-kinds.js';

/** A person waits with a finger on the key; whose servers are far away may say to wait longer. */
const defaultPatienceMillis = 1_500;
const most = 200;

/** Which stages: of this line, of all lines where none was typed. */
export interface StoredValuesRequest extends Surroundings {
  readonly kind: Exclude<ValueKind, 'file'>;
  readonly product: string | undefined;
}

/**
 * What the open store, or the configuration, has of a kind. Nothing where it cannot be told in time, or the actor may not see it:
 * whoever completes a word asked for no error. Makes no store.
 */
export async function storedValues(request: StoredValuesRequest): Promise<readonly Candidate[]> {
  const late = setTimeout(patienceOf(request), [], { ref: false });
  try {
    return await Promise.race([request.kind === 'store' ? stores(request) : inStore(request), late]);
  } catch {
    return [];
  }
}

function patienceOf({ environment }: Surroundings): number {
  const named = Number(environment['LMS_COMPLETION_TIMEOUT'] ?? Number.NaN);
  return named >= 0 ? Math.min(named, 60_000) : defaultPatienceMillis;
}

async function stores(surroundings: Surroundings): Promise<readonly Candidate[]> {
  const { configuration } = await findAndRead(surroundings);
  return Object.entries(configuration.stores).map(([value, { kind }]) => ({ value, description: kind }));
}

async function inStore(request: StoredValuesRequest): Promise<readonly Candidate[]> {
  const opened = await openLms(request);
  await using lms = opened.lms;
  if (!isThere(opened)) return [];
  const me = lms.as(chooseActor(request.options.actor, request.environment));
  if (request.kind === 'user') {
    const { users } = await me.users.list({ active: true, limit: most });
    return users.map(({ id, name }) => ({ value: id, description: name }));
  }
  const lines = await me.schemas.list();
  if (request.kind === 'line') return lines.map(({ slug, name }) => ({ value: slug, description: name }));
  const wanted = request.product === undefined ? lines.map(({ slug }) => slug) : [request.product];
  const lists = await Promise.all(wanted.map((line) => me.stages.list(line)));
  const bySlug = new Map(lists.flatMap(({ stages }) => stages.map(({ slug, name }) => [slug, name] as const)));
  return [...bySlug].map(([value, description]) => ({ value, description }));
}

/** Opening a file that is not there would make it. */
function isThere({ chosen: { store, folder } }: OpenLms): boolean {
  return store.kind !== 'sqlite' || existsSync(resolve(folder, store.file));
}
