import { hash } from 'node:crypto';
import type { ChainRow } from './audit-chain-store.js';
import { payloadTextOf } from './audit-row.js';
import { chainHashOf } from './chain-hash.js';

/**
 * What was done to the trail behind the back of this store. `changed`: a row is not the one that was sealed at its position. `removed`: rows
 * that were sealed are gone. `inserted`: a row was never sealed where it is. `reordered`: a row was sealed at another position. `cut`:
 * the trail ends before its head. `head`: a head is not signed by this store, or is not that of these rows.
 */
export type TrailFindingKind = 'changed' | 'removed' | 'inserted' | 'reordered' | 'cut' | 'head';

export interface TrailFinding {
  readonly kind: TrailFindingKind;
  /** Where the row stands, or the first position that is missing. */
  readonly position: number;
  /** The last of several positions that are missing. */
  readonly to?: number;
  /** The row, where there is one. */
  readonly id: string | null;
  /** One sentence for people. */
  readonly message: string;
}

/** A row that was accepted as the one sealed at `sealedAt`. */
interface Place {
  readonly id: string | null;
  readonly position: number;
  readonly sealedAt: number;
  /** null where it is not known what the next row has to follow. */
  readonly chainHash: string | null;
}

interface Suspect {
  readonly row: ChainRow;
  /** Where its own hashes say that it was sealed; null where they say nothing. */
  readonly sealedAt: number | null;
}

/** Rows nearby whose place a row may have taken. */
const reach = 16;
const mostSuspects = 512;
const mostUnplaced = 200;
const placesRemembered = 64;

/**
 * Follows the chain through rows in order of position, and names what does not fit; keeps some hundred rows in mind, however many there are.
 * What a row's hashes say is weighed against its neighbours', so that one change is one finding, not one for every row after it.
 */
export class ChainChecker {
  readonly #tell: (finding: TrailFinding) => void;
  readonly #onPlace: (sealedAt: number, chainHash: string) => void;
  readonly #recent: Place[] = [];
  /** Rows already told of. */
  readonly #told = new Set<string>();
  /** Changed rows whose place another may have taken: told of at the end, when all of them are known. */
  readonly #unplaced: ChainRow[] = [];
  #before: Place;
  #pending: Suspect[] = [];
  /** How far the positions of the rows are from those that they were sealed at, since rows were put in or taken out. */
  #shift = 0;

  /**
   * @param start the place before the first row that comes
   * @param onPlace called with each position that was sealed and the chain hash of its row; again where another row turns out to be it
   */
  constructor(
    start: { readonly position: number; readonly chainHash: string | null },
    tell: (finding: TrailFinding) => void,
    onPlace: (sealedAt: number, chainHash: string) => void,
  ) {
    this.#before = { id: null, position: start.position, sealedAt: start.position, chainHash: start.chainHash };
    this.#tell = tell;
    this.#onPlace = onPlace;
  }

  /** How far the positions of the last rows are from those that they were sealed at. */
  get shift(): number {
    return this.#shift;
  }

  add(row: ChainRow): void {
    const sealedAt = this.#sealedAt(row);
    if (sealedAt !== null && sealedAt === row.position - this.#shift && sealedAt > this.#before.sealedAt) {
      this.#settle(sealedAt);
      this.#accept(row, sealedAt);
      return;
    }
    const last = this.#pending.at(-1);
    if (sealedAt !== null && last !== undefined && follows({ row, sealedAt }, last)) {
      this.#pending.pop();
      this.#settle(sealedAt - 1);
      this.#shift = row.position - sealedAt;
      this.#accept(last.row, sealedAt - 1);
      this.#accept(row, sealedAt);
      return;
    }
    this.#pending.push({ row, sealedAt });
    if (this.#pending.length >= mostSuspects) this.#giveUp();
  }

  /**
   * The end of what is checked.
   * @param target the last position that should be there
   * @param isHead whether it is the end of the trail, so that what is missing was cut off
   */
  finish(target: number, isHead: boolean): void {
    this.#settle(target + 1, isHead ? target : null);
    this.#placeTheRest();
  }

  #sealedAt(row: ChainRow): number | null {
    const { prevHash, payloadHash, chainHash } = row;
    if (prevHash === null || chainHash === null) return null;
    const fits = (position: number): boolean =>
      position > 0 && chainHashOf({ position, prevHash, payloadHash }) === chainHash;
    const expected = row.position - this.#shift;
    if (fits(expected)) return expected;
    for (let away = 1; away <= reach; away += 1) {
      if (fits(expected - away)) return expected - away;
      if (fits(expected + away)) return expected + away;
    }
    return null;
  }

  #accept(row: ChainRow, sealedAt: number): void {
    if (!hasItsContents(row)) this.#changed(row, 'what it says is not what was sealed');
    const { id, position, prevHash, chainHash } = row;
    const { chainHash: expected, id: beforeId, position: beforePosition } = this.#before;
    if (sealedAt === this.#before.sealedAt + 1 && expected !== null && prevHash !== expected) {
      // Its own hashes fit, so somebody made them; which of the two was made anew, the rest of the chain knows.
      if (beforeId === null) this.#changed(row, 'it was sealed after another row than the one before it');
      else this.#changed({ id: beforeId, position: beforePosition }, 'the row after it was sealed after another one');
    }
    this.#before = { id, position, sealedAt, chainHash };
    this.#recent.push(this.#before);
    if (this.#recent.length > placesRemembered) this.#recent.shift();
    if (chainHash !== null) this.#onPlace(sealedAt, chainHash);
  }

  /** Decides about the rows that did not fit, now that `next` is the position that the next good row was sealed at. */
  #settle(next: number, cutAt: number | null = null): void {
    this.#withdraw(next);
    const first = this.#before.sealedAt + 1;
    const covered = new Set<number>();
    for (const { row, sealedAt } of this.#pending) {
      const expected = row.position - this.#shift;
      const isMissing = (position: number): boolean => position >= first && position < next && !covered.has(position);
      if (sealedAt !== null && sealedAt !== expected && isMissing(sealedAt)) {
        covered.add(sealedAt);
        this.#reordered(row, sealedAt);
      } else if (isMissing(expected)) {
        covered.add(expected);
        this.#unplace(row);
      } else {
        this.#say('inserted', row, 'no row was sealed there');
      }
    }
    this.#pending = [];
    this.#tellMissing({ first, end: next, covered, cutAt });
  }

  /** Good rows before, of whose positions others turn out to be the ones that were sealed. */
  #withdraw(next: number): void {
    while (this.#before.id !== null && this.#before.sealedAt >= next) {
      const { id, position } = this.#before;
      this.#recent.pop();
      this.#say('inserted', { id, position }, 'another row was sealed there');
      const previous = this.#recent.at(-1);
      if (previous === undefined) {
        this.#before = { id: null, position: position - 1, sealedAt: next - 1, chainHash: null };
        return;
      }
      this.#before = previous;
    }
  }

  #tellMissing({
    first,
    end,
    covered,
    cutAt,
  }: {
    readonly first: number;
    readonly end: number;
    readonly covered: ReadonlySet<number>;
    readonly cutAt: number | null;
  }): void {
    const bounds = [...covered].sort((a, b) => a - b);
    let from = first;
    for (const bound of [...bounds, end]) {
      if (bound > from) this.#missing(from, bound - 1, cutAt);
      from = bound + 1;
    }
  }

  #missing(from: number, to: number, cutAt: number | null): void {
    const isCut = to === cutAt;
    const what = from === to ? `the row of position ${from}` : `the rows of positions ${from} to ${to}`;
    this.#tell({
      kind: isCut ? 'cut' : 'removed',
      position: from,
      to,
      id: null,
      message: isCut ? `${what} at the end of the trail was cut off` : `${what} was removed`,
    });
  }

  /** So many rows in a row fit nothing that there is no telling what belongs where. */
  #giveUp(): void {
    const { row } = this.#pending.at(-1) ?? {};
    if (row === undefined) return;
    for (const suspect of this.#pending) this.#changed(suspect.row, 'neither it nor its neighbours fit the chain');
    this.#pending = [];
    const sealedAt = Math.max(this.#before.sealedAt, row.position - this.#shift);
    this.#before = { id: row.id, position: row.position, sealedAt, chainHash: row.chainHash };
    this.#recent.length = 0;
  }

  /** It is kept back: it may have come from the place of another such row. */
  #unplace(row: ChainRow): void {
    if (this.#unplaced.length < mostUnplaced) this.#unplaced.push(row);
    else this.#changed(row, 'its hashes are not those that were sealed');
  }

  #placeTheRest(): void {
    for (const row of this.#unplaced) {
      const home = this.#unplaced.find((other) => other !== row && belongsAt(row, other));
      if (home !== undefined) this.#reordered(row, home.position - this.#shift);
      else this.#changed(row, 'its hashes are not those that were sealed');
    }
    this.#unplaced.length = 0;
  }

  #reordered(row: ChainRow, sealedAt: number): void {
    this.#say('reordered', row, `it was sealed at position ${sealedAt}`);
  }

  #changed(row: Pick<ChainRow, 'id' | 'position'>, reason: string): void {
    this.#say('changed', row, reason);
  }

  #say(kind: TrailFindingKind, { id, position }: Pick<ChainRow, 'id' | 'position'>, reason: string): void {
    if (this.#told.has(id)) return;
    if (this.#told.size < mostUnplaced * placesRemembered) this.#told.add(id);
    this.#tell({ kind, position, id, message: `row ${id} at position ${position} was ${kind}: ${reason}` });
  }
}

/** Whether the row says what its payload hash covers. */
function hasItsContents({ payload, payloadHash }: ChainRow): boolean {
  const text = payload && payloadTextOf(payload);
  return text !== null && hash('sha256', text, 'hex') === payloadHash;
}

/** Whether two rows in a row are as they were sealed, one after the other, wherever they stand now. */
function follows({ row, sealedAt }: Suspect, before: Suspect): boolean {
  const isNext = before.sealedAt !== null && sealedAt === before.sealedAt + 1;
  return isNext && row.prevHash === before.row.chainHash && hasItsContents(before.row);
}

/** Whether the row was sealed where the other stands: its own hashes say so, or those that were left at that position. */
function belongsAt(row: ChainRow, other: ChainRow): boolean {
  const fits = (link: ChainRow): boolean =>
    link.prevHash !== null &&
    chainHashOf({ position: other.position, prevHash: link.prevHash, payloadHash: row.payloadHash }) === link.chainHash;
  return fits(row) || fits(other);
}
