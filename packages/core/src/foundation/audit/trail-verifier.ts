import { z } from 'zod';
import { checkInput, LmsError } from '../kernel/index.js';
import type { AuditChainStore, ChainRow, SignedHead, TrailHead } from './audit-chain-store.js';
import { ChainChecker, type TrailFinding, type TrailFindingKind } from './chain-checker.js';
import { chainBeginning } from './chain-hash.js';
import type { HeadKey } from './head-key.js';

/** A head that was published: what `head()` gave once. */
export type PublishedHead = Pick<TrailHead, 'position' | 'chainHash'> & Partial<Pick<TrailHead, 'at'>>;

export interface TrailVerifyRequest {
  /** The first position to look at; 1 when absent. */
  readonly from?: number;
  /** The last; the end of the trail when absent. */
  readonly to?: number;
  /** The trail must go on from here: what was cut off or made anew since it was published shows. */
  readonly head?: PublishedHead;
}

export interface TrailVerifyProgress {
  readonly rows: number;
  /** How many there are to look at. */
  readonly total: number;
}

export interface TrailVerifyOptions {
  /** Stops between two pages; what was found until then is given. */
  readonly signal?: AbortSignal;
  /** After each page of at most 500 rows. */
  readonly onProgress?: (progress: TrailVerifyProgress) => void;
}

export interface VerifiedTrail {
  /** Whether all that was looked at is as it was sealed. */
  readonly ok: boolean;
  /** False when it was stopped: rows after the last one looked at are not known. */
  readonly finished: boolean;
  /** Rows that were looked at. */
  readonly rows: number;
  /** The head that the trail should end in; null before anything was sealed. */
  readonly head: TrailHead | null;
  /** The first 1,000, by position as far as they are known. */
  readonly findings: readonly TrailFinding[];
  /** How many of each kind there are. */
  readonly counts: Readonly<Record<TrailFindingKind, number>>;
}

export interface TrailVerifierPorts {
  readonly chain: AuditChainStore;
  readonly openKey: () => Promise<HeadKey>;
}

const rowsAPage = 500;
const mostFindings = 1_000;
const daysAPage = 500;
/** Rows after the head, and before the first position, that are named. */
const mostBeyond = 100;

const position = z.int().min(1);
const requestShape: z.ZodType<TrailVerifyRequest> = z.strictObject({
  from: position.exactOptional(),
  to: position.exactOptional(),
  head: z
    .strictObject({
      position,
      chainHash: z.string().regex(/^[0-9a-f]{64}$/, { error: 'expected 64 hexadecimal digits' }),
      at: z.string().exactOptional(),
    })
    .exactOptional(),
});

/** A head that the rows have to have at its position. */
interface Anchor {
  readonly head: PublishedHead;
  readonly words: string;
  readonly isDaily: boolean;
}

/**
 * Reads the sealed trail from one position to another and makes every hash anew. Others write and seal meanwhile; what they add is left for the
 * next time.
 * @throws LmsError `INPUT_INVALID`, `KEY_INVALID`, and what the store throws
 */
export async function verifyTrail(
  { chain, openKey }: TrailVerifierPorts,
  request: TrailVerifyRequest,
  { signal, onProgress }: TrailVerifyOptions,
): Promise<VerifiedTrail> {
  const { from = 1, to, head: published } = checkInput(requestShape, request, 'the trail cannot be verified');
  const findings = new Findings();
  const key = await openKey();
  const days = await allDays(chain);
  // After the days, so that none of them is later than it.
  const head = await chain.head(null);
  for (const day of days) if (!key.signed(day)) findings.tell(unsigned(day, `the head of ${day.day}`));
  if (head !== null && !key.signed(head)) findings.tell(unsigned(head, 'the head'));
  const lastDay = furthest(days.filter((day) => key.signed(day)));
  if (lastDay !== null && lastDay.position > (head?.position ?? 0)) findings.tell(olderHead(head, lastDay));
  const anchors = anchorsOf({ head, days, published });

  const ends = [head, lastDay, published ?? null].flatMap((each) => (each === null ? [] : [each.position]));
  const end = ends.length === 0 ? null : Math.max(...ends);
  const target = end === null ? (to ?? null) : Math.min(to ?? end, end);
  if (target !== null && from > target) throw beyondEnd(target);
  const start = from === 1 ? { position: 0, chainHash: chainBeginning } : await placeBefore(chain, from);
  let brokenDay = false;
  const checker = new ChainChecker(start, findings.tell, (sealedAt, chainHash) => {
    for (const { head: expected, words, isDaily } of anchors.get(sealedAt) ?? []) {
      if (expected.chainHash === chainHash || (isDaily && brokenDay)) continue;
      brokenDay ||= isDaily;
      findings.tell(foreignRows(expected, words));
    }
  });

  if (from === 1) for (const row of await chain.strays(mostBeyond)) findings.tell(stray(row));
  let after = from - 1;
  let rows = 0;
  const bound = (): number => (target === null ? Number.MAX_SAFE_INTEGER : target + Math.max(0, checker.shift));
  for (let more = true; more; ) {
    if (signal?.aborted === true) return { ...findings.result(rows, head), finished: false, ok: false };
    const page = await chain.rows(after, rowsAPage);
    for (const row of page) {
      if (row.position > bound()) {
        more = false;
        break;
      }
      checker.add(row);
      after = row.position;
      rows += 1;
    }
    more &&= page.length === rowsAPage;
    onProgress?.({ rows, total: Math.max(rows, (target ?? rows + from - 1) - from + 1) });
  }
  checker.finish(target ?? after - checker.shift, target === end);
  if (ends.length === 0 && rows > 0) findings.tell(noHead());
  else if (target === end) await tellBeyond(chain, { after, end: end ?? 0, shift: checker.shift, findings });
  return { ...findings.result(rows, head), finished: true };
}

class Findings {
  readonly #first: TrailFinding[] = [];
  readonly #counts: Record<TrailFindingKind, number> = {
    changed: 0,
    removed: 0,
    inserted: 0,
    reordered: 0,
    cut: 0,
    head: 0,
  };

  readonly tell = (finding: TrailFinding): void => {
    this.#counts[finding.kind] += (finding.to ?? finding.position) - finding.position + 1;
    if (this.#first.length < mostFindings) this.#first.push(finding);
  };

  result(rows: number, head: SignedHead | null): Omit<VerifiedTrail, 'finished'> {
    return {
      ok: this.#first.length === 0,
      rows,
      head: head && { position: head.position, chainHash: head.chainHash, at: head.at },
      findings: [...this.#first].sort((a, b) => a.position - b.position),
      counts: { ...this.#counts },
    };
  }
}

interface HeadsOfStore {
  readonly head: SignedHead | null;
  readonly days: readonly (SignedHead & { readonly day: string })[];
  readonly published: PublishedHead | undefined;
}

function anchorsOf({ head, days, published }: HeadsOfStore): ReadonlyMap<number, readonly Anchor[]> {
  const anchors: Anchor[] = days
    // The day that goes on has the head itself.
    .filter((day) => day.position !== head?.position || day.chainHash !== head.chainHash)
    .map((day) => ({ head: day, words: `the head of ${day.day}`, isDaily: true }));
  if (head !== null) anchors.push({ head, words: 'the head', isDaily: false });
  if (published !== undefined) anchors.push({ head: published, words: 'the head that was given', isDaily: false });
  const byPosition = new Map<number, Anchor[]>();
  for (const anchor of anchors) {
    const others = byPosition.get(anchor.head.position);
    if (others === undefined) byPosition.set(anchor.head.position, [anchor]);
    else others.push(anchor);
  }
  return byPosition;
}

async function allDays(chain: AuditChainStore): Promise<HeadsOfStore['days']> {
  const all: (SignedHead & { readonly day: string })[] = [];
  for (;;) {
    const page = await chain.dailyHeads(all.at(-1)?.day ?? '', daysAPage);
    all.push(...page);
    if (page.length < daysAPage) return all;
  }
}

function furthest(days: HeadsOfStore['days']): HeadsOfStore['days'][number] | null {
  return days.reduce<HeadsOfStore['days'][number] | null>(
    (last, day) => (last === null || day.position > last.position ? day : last),
    null,
  );
}

/** What the row at `from` has to follow, which is believed; nothing where that row is gone. */
async function placeBefore(
  chain: AuditChainStore,
  from: number,
): Promise<{ readonly position: number; readonly chainHash: string | null }> {
  const [row] = await chain.rows(from - 2, 1);
  return { position: from - 1, chainHash: row?.position === from - 1 ? row.chainHash : null };
}

/** Rows with a position that no head has reached. */
async function tellBeyond(
  chain: AuditChainStore,
  {
    after,
    end,
    shift,
    findings,
  }: { readonly after: number; readonly end: number; readonly shift: number; readonly findings: Findings },
): Promise<void> {
  const beyond = await chain.rows(after, mostBeyond);
  // Read after the rows: those of a sealer that was at work meanwhile are not beyond it.
  const last = Math.max(end, (await chain.head(null))?.position ?? 0) + shift;
  for (const { id, position: at } of beyond) {
    if (at <= last) continue;
    const message = `row ${id} at position ${at} was inserted: the trail ends at ${last}`;
    findings.tell({ kind: 'inserted', position: at, id, message });
  }
}

function stray({ id, position: at }: ChainRow): TrailFinding {
  const message = `row ${id} at position ${at} was inserted: the trail begins at 1`;
  return { kind: 'inserted', position: at, id, message };
}

/** Heads only ever go on: somebody has put one of earlier back, or taken it away. */
function olderHead(head: SignedHead | null, { day, position: at }: HeadsOfStore['days'][number]): TrailFinding {
  const what = head === null ? 'the head of the trail is gone' : `the head (position ${head.position}) is not the last`;
  return { kind: 'head', position: at, id: null, message: `${what}: that of ${day} is at position ${at}` };
}

function unsigned({ position: at }: SignedHead, words: string): TrailFinding {
  const message = `${words} (position ${at}) is not signed by this store: somebody else has written it`;
  return { kind: 'head', position: at, id: null, message };
}

function foreignRows({ position: at }: PublishedHead, words: string): TrailFinding {
  const message = `the rows up to position ${at} are not those of ${words}: they were made anew, with their hashes`;
  return { kind: 'head', position: at, id: null, message };
}

function noHead(): TrailFinding {
  return { kind: 'head', position: 1, id: null, message: 'there are sealed rows, and the head of the trail is gone' };
}

function beyondEnd(end: number): LmsError {
  return LmsError.ofProblems('INPUT_INVALID', 'the trail cannot be verified', [
    { path: 'from', rule: 'invalid', message: `it is after the last position, ${end}` },
  ]);
}
