import { z } from 'zod';
import { type Actor, type Clock, checkInput, type IdSource, type Json } from '../../kernel/index.js';
import type { EventRecorder } from '../../persistence/index.js';
import { type KeyUse, type KeyWalkOptions, onlyFirstWraps } from './key-counts.js';
import { KeyRewrapper, type KeyWalk, type RewrapperPorts } from './key-rewrapper.js';

/** Who may see and change keys is decided by access, which stands above this folder. */
export interface KeyGate {
  /** @throws LmsError `ACTOR_UNKNOWN`, `PERMISSION_DENIED` */
  require(actor: Actor, permission: 'keys.read' | 'keys.rotate'): Promise<unknown>;
}

export interface KeyPorts extends RewrapperPorts {
  readonly access: KeyGate;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** Which master keys wrap the keys of a store. */
export interface KeyStatus extends KeyUse {
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
export interface KeyRotation extends KeyStatus {
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
const versions = { 'store.key_rotation_started': 1, 'store.keys_rotated': 2 } as const;

/** Tells which master keys wrap a store's keys, and changes them to the first that was given. */
export class KeyService {
  readonly #ports: KeyPorts;
  readonly #rewrapper: KeyRewrapper;

  constructor(ports: KeyPorts) {
    this.#ports = ports;
    this.#rewrapper = new KeyRewrapper(ports);
  }

  /**
   * Counts every key by the master key that wraps it, a thousand a read. Opens none. Needs `keys.read`.
   * @throws LmsError `PERMISSION_DENIED`
   */
  async status(actor: Actor, options: KeyWalkOptions = {}): Promise<KeyStatus> {
    await this.#ports.access.require(actor, 'keys.read');
    const { masterKeys, destroyed, finished } = await this.#rewrapper.walk('count', options);
    return { masterKeys, destroyed, finished, rotated: finished && onlyFirstWraps({ masterKeys, destroyed }) };
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
        { type, typeVersion: 1, aggregate, actor, command: 'keys.rotate', data, sealed: null },
      ]);
    });
  }
}

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
