import { z } from 'zod';
import { type Actor, type Clock, checkInput, type IdSource, type Json } from '../../kernel/index.js';
import type { EventRecorder } from '../../persistence/index.js';
import type { LookupPhase } from '../lookup-ring.js';
import { type KeyUse, type KeyWalkOptions, onlyFirstWraps } from './key-counts.js';
import { KeyRewrapper, type KeyWalk, type RewrapperPorts } from './key-rewrapper.js';
import { LookupRotator, type LookupRun, type LookupWalkOptions, type RotatorPorts } from './lookup-rotator.js';
import type { LookupRowCounts } from './lookup-rows.js';

/** Who may see and change keys is decided by access, which stands above this folder. */
export interface KeyGate {
  /** @throws LmsError `ACTOR_UNKNOWN`, `PERMISSION_DENIED` */
  require(actor: Actor, permission: 'keys.read' | 'keys.rotate'): Promise<unknown>;
}

export interface KeyPorts extends RewrapperPorts, RotatorPorts {
  readonly access: KeyGate;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** How the look-up key stands, by whose hashes equal values are found. */
export interface LookupKeyStatus {
  /** The number of the newest; 1 in a store that never had another. */
  readonly generation: number;
  /** `settled` unless a rotation is under way: see {@link LookupPhase}. */
  readonly phase: LookupPhase;
}

/** What a rotation of the look-up key did, or what is left of it. */
export interface LookupRotation extends LookupKeyStatus {
  readonly dryRun: boolean;
  /** Rows that this call took over or removed; of a dry run those that it would take over. */
  readonly rows: LookupRowCounts;
  /** The newest key alone is in force; false also when it was stopped. A dry run that was not stopped says true. */
  readonly finished: boolean;
}

/** Which master keys wrap the keys of a store. */
export interface KeyStatus extends KeyUse {
  /** The look-up key, and while it is changed for another what is still hashed with the older one. */
  readonly lookup: LookupKeyStatus & { readonly rowsLeft: LookupRowCounts | null };
  /** Only the first wraps anything: the others are needed for backups of their days alone. */
  readonly rotated: boolean;
  /** false when the count was stopped: it is too low then. */
  readonly finished: boolean;
}

export interface KeyRotationRequest {
  /** Opens every key and changes none. */
  readonly dryRun?: boolean;
}

/** What a rotation did, and what is left. */
export interface KeyRotation extends Omit<KeyStatus, 'lookup'> {
  /** The master key that wraps now. */
  readonly masterKeyId: string;
  readonly dryRun: boolean;
  /** Keys that this rotation wrapped anew; of a dry run those that it would. */
  readonly rewrapped: number;
  /** Keys that do not open although their master key was given: somebody changed them. The first 100, as `kind id`. */
  readonly damaged: readonly string[];
  readonly damagedCount: number;
}

const requestShape: z.ZodType<KeyRotationRequest> = z.strictObject({ dryRun: z.boolean().exactOptional() });

/** Walks of one rotation. Where others go on wrapping with another key it ends nevertheless, and says so. */
const mostWalks = 5;
const versions = {
  'store.key_rotation_started': 1,
  'store.keys_rotated': 2,
  'store.lookup_rotation_started': 1,
  'store.lookup_rotated': 2,
} as const;

/** Tells which master keys wrap a store's keys, and changes them to the first that was given. */
export class KeyService {
  readonly #ports: KeyPorts;
  readonly #rewrapper: KeyRewrapper;
  readonly #rotator: LookupRotator;

  constructor(ports: KeyPorts) {
    this.#ports = ports;
    this.#rewrapper = new KeyRewrapper(ports);
    this.#rotator = new LookupRotator(ports);
  }

  /**
   * Counts every key by the master key that wraps it, a thousand a read; and while the look-up key is changed for another, what is still hashed
   * with the older one. Needs `keys.read`.
   * @throws LmsError `PERMISSION_DENIED`
   */
  async status(actor: Actor, options: KeyWalkOptions = {}): Promise<KeyStatus> {
    await this.#ports.access.require(actor, 'keys.read');
    const { masterKeys, destroyed, finished } = await this.#rewrapper.walk('count', options);
    const rotated = finished && onlyFirstWraps({ masterKeys, destroyed });
    const ring = await this.#ports.lookupKeys.committed();
    const { generation, phase } = ring;
    const { signal } = options;
    const left = phase === 'settled' ? null : await this.#rotator.count(ring, signal === undefined ? {} : { signal });
    const lookup = { generation, phase, rowsLeft: left?.counts ?? null };
    return { masterKeys, destroyed, finished: finished && (left?.finished ?? true), rotated, lookup };
  }

  /**
   * Wraps every key with the first master key that another one wraps, while others work: 100 a unit, each only if it is still as it was
   * read, so that none is revived that is destroyed meanwhile. Stopped or killed anywhere, it is run again and goes on; two at once do no
   * harm. It ends when a walk finds nothing to change. `rotated` says whether only the first wraps anything: it does not as long as a
   * process wraps with another key, or where a key was not given. The trail has `store.key_rotation_started` and `store.keys_rotated`, with
   * the ids of the keys. Needs `keys.rotate`.
   * @throws LmsError `PERMISSION_DENIED`, `INPUT_INVALID`
   */
  async rotate(actor: Actor, request: KeyRotationRequest = {}, options: KeyWalkOptions = {}): Promise<KeyRotation> {
    const { access, ids, vault } = this.#ports;
    await access.require(actor, 'keys.rotate');
    const { dryRun = false } = checkInput(requestShape, request, 'the keys cannot be rotated');
    if (dryRun) {
      const tried = await this.#rewrapper.walk('try', options);
      return this.#rotationOf(tried, { dryRun, rewrapped: tried.rewrapped });
    }
    const told = { actor, id: ids.next<'key-rotation'>() };
    await this.#tell({ ...told, type: 'store.key_rotation_started', data: { to: vault.masterKeyId } });
    let rewrapped = 0;
    for (let walks = 1; ; walks += 1) {
      const walk = await this.#rewrapper.walk('rewrap', options, rewrapped);
      rewrapped += walk.rewrapped;
      const isSettled = walk.rewrapped === 0 && walk.lost === 0;
      if (walk.finished && !isSettled && walks < mostWalks) continue;
      const rotation = this.#rotationOf(walk, { dryRun, rewrapped });
      await this.#tell({ ...told, type: 'store.keys_rotated', data: factOf(rotation) });
      return rotation;
    }
  }

  /**
   * Gives the store another look-up key, by whose hashes it finds equal values, while others work: so that whoever has the one before it and
   * gets a copy later cannot try out phone numbers on it. Hashes are taken over from themselves, no lead is opened, and what was recorded of
   * people who were erased is taken over like all else. Nothing that is looked for is missed meanwhile, and no unique value can be taken twice.
   * Stopped or killed anywhere, it is run again and goes on; two at once do no harm. When it has ended, the next call begins the next rotation. The
   * trail has `store.lookup_rotation_started` and `store.lookup_rotated`. Needs `keys.rotate`. Every process must be of this release or a later one.
   * @throws LmsError `PERMISSION_DENIED`, `INPUT_INVALID`, `STORE_CONFLICT` where unique values keep being written under the older key,
   * `LIMIT_EXCEEDED` after 999 rotations
   */
  async rotateLookup(
    actor: Actor,
    request: KeyRotationRequest = {},
    options: LookupWalkOptions = {},
  ): Promise<LookupRotation> {
    const { access, ids } = this.#ports;
    await access.require(actor, 'keys.rotate');
    const { dryRun = false } = checkInput(requestShape, request, 'the look-up key cannot be rotated');
    if (dryRun) {
      const tried = await this.#rotator.count(await this.#rotator.tried(), options);
      const { generation, phase } = await this.#ports.lookupKeys.committed();
      return { generation, phase, dryRun, rows: tried.counts, finished: tried.finished };
    }
    const ring = await this.#rotator.begin();
    const told = { actor, id: ids.next<'key-rotation'>() };
    const { generation: to, phase } = ring;
    await this.#tell({ ...told, type: 'store.lookup_rotation_started', data: { to, phase } });
    const run = await this.#rotator.run(ring, options);
    await this.#tell({ ...told, type: 'store.lookup_rotated', data: lookupFactOf(run) });
    const { counts: rows, finished } = run;
    return { generation: run.ring.generation, phase: run.ring.phase, dryRun, rows, finished };
  }

  #rotationOf(walk: KeyWalk, done: Pick<KeyRotation, 'dryRun' | 'rewrapped'>): KeyRotation {
    const { masterKeys, destroyed, damaged, damagedCount, finished } = walk;
    const rotated = finished && onlyFirstWraps({ masterKeys, destroyed });
    const { masterKeyId } = this.#ports.vault;
    return { masterKeyId, ...done, rotated, finished, masterKeys, destroyed, damaged, damagedCount };
  }

  async #tell({ actor, id, type, data }: RotationFact): Promise<void> {
    const { unitOfWork, events } = this.#ports;
    const aggregate = { kind: 'key-rotation', id, version: versions[type] };
    await unitOfWork.run('ledger', async (unit) => {
      await events.record(unit, [
        { type, typeVersion: 1, aggregate, actor, command: commandOf[type], data, sealed: null },
      ]);
    });
  }
}

const commandOf = {
  'store.key_rotation_started': 'keys.rotate',
  'store.keys_rotated': 'keys.rotate',
  'store.lookup_rotation_started': 'keys.rotateLookup',
  'store.lookup_rotated': 'keys.rotateLookup',
} as const;

interface RotationFact {
  readonly actor: Actor;
  readonly id: string;
  readonly type: keyof typeof versions;
  readonly data: Readonly<Record<string, Json>>;
}

/** Ids of master keys tell nothing of the keys. */
function factOf({
  masterKeyId,
  rewrapped,
  rotated,
  finished,
  damagedCount,
  masterKeys,
}: KeyRotation): RotationFact['data'] {
  const others = masterKeys.filter(({ first, storeKeys, dataKeys }) => !first && storeKeys + dataKeys > 0);
  const left = others.map(({ id }) => id).join(', ');
  return {
    to: masterKeyId,
    rewrapped,
    status: finished ? 'completed' : 'stopped',
    rotated,
    ...(damagedCount === 0 ? {} : { damaged: damagedCount }),
    ...(left === '' ? {} : { left }),
  };
}

function lookupFactOf({ ring, counts, finished }: LookupRun): RotationFact['data'] {
  const { generation: to, phase } = ring;
  return { to, phase, ...counts, status: finished ? 'completed' : 'stopped' };
}
