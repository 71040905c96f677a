import { createSecretKey, type KeyObject } from 'node:crypto';
import { LmsError } from '../kernel/index.js';
import type { KeySource, MasterKey } from './master-key.js';

/** A master key without its bytes. */
export interface MasterKeyHandle {
  readonly id: string;
  readonly handle: KeyObject;
}

/**
 * The master keys that a process was given. The first wraps and seals what is new; every one of them opens what it once wrapped or sealed,
 * so that a store is readable at every moment of a change from one key to another.
 */
export class MasterKeys {
  /** What wraps and seals from now on. */
  readonly first: MasterKeyHandle;
  /** Each once, the first first. */
  readonly all: readonly MasterKeyHandle[];

  /** @throws LmsError `KEY_MISSING` for no key at all */
  constructor(keys: readonly (MasterKey | MasterKeyHandle)[]) {
    const byId = new Map(
      keys.map((key) => [key.id, 'handle' in key ? key : { id: key.id, handle: createSecretKey(key.bytes) }]),
    );
    const all = [...byId.values()];
    const [first] = all;
    if (first === undefined) {
      throw new LmsError('KEY_MISSING', { message: 'no master key was given: the list of keys is empty' });
    }
    this.first = first;
    this.all = all;
  }

  /** For messages: which keys these are. */
  get ids(): readonly string[] {
    return this.all.map(({ id }) => id);
  }

  find(id: string): MasterKeyHandle | null {
    return this.all.find((key) => key.id === id) ?? null;
  }
}

/**
 * The keys of one or several sources, in their order.
 * @throws LmsError `KEY_MISSING`, `KEY_INVALID`, also when one of several cannot be had
 */
export async function loadMasterKeys(sources: KeySource | readonly KeySource[]): Promise<MasterKeys> {
  const keys: MasterKey[] = [];
  for (const source of 'load' in sources ? [sources] : sources) keys.push(await source.load());
  return new MasterKeys(keys);
}
