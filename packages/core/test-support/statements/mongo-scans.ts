/** A stage of a plan that reads documents or an index, as `explain` tells it. */
interface Leaf {
  readonly stage: string;
  readonly indexName?: unknown;
  readonly isUnique?: unknown;
  readonly indexBounds?: unknown;
}

const readingStages: ReadonlySet<string> = new Set(['COLLSCAN', 'IXSCAN', 'DISTINCT_SCAN']);

/**
 * What is wrong with a command's plan: it reads a collection from end to end, walks an index from end to end without a limit, or gives as
 * many documents as there are, which nothing bounds.
 * @param explained what `explain` says
 */
export function mongoScans(command: Readonly<Record<string, unknown>>, explained: unknown): readonly string[] {
  const leaves = leavesOf(winningPlans(explained));
  const isLimited = typeof command['limit'] === 'number' && command['limit'] !== 0;
  return leaves.flatMap((leaf) => {
    if (leaf.stage === 'COLLSCAN') return ['COLLSCAN'];
    if (isLimited) return [];
    if (isWholeIndex(leaf)) return [`${leaf.stage} of all of ${String(leaf.indexName)}`];
    return 'find' in command && !isOfPoints(leaf) ? [`${leaf.stage} of ${String(leaf.indexName)}: no limit`] : [];
  });
}

/** Plans that lost are not looked at. */
function winningPlans(explained: unknown): readonly unknown[] {
  if (typeof explained !== 'object' || explained === null) return [];
  if ('winningPlan' in explained) return [explained.winningPlan];
  return Object.values(explained).flatMap(winningPlans);
}

function leavesOf(plan: unknown): readonly Leaf[] {
  if (typeof plan !== 'object' || plan === null) return [];
  const inside = Object.values(plan).flatMap(leavesOf);
  if (!('stage' in plan) || typeof plan.stage !== 'string') return inside;
  return readingStages.has(plan.stage) ? [{ ...plan, stage: plan.stage }, ...inside] : inside;
}

/** All there is, forwards or backwards, or all texts. */
const wholeRange = /^(?:\[MinKey, MaxKey\]|\[MaxKey, MinKey\]|[[(]"", \{\}[\])]|[[(]\{\}, ""[\])])$/;

/** Of every field of the index all there is. */
function isWholeIndex({ indexBounds }: Leaf): boolean {
  const ranges = rangesOf(indexBounds);
  return ranges.length > 0 && ranges.every((range) => wholeRange.test(range));
}

function rangesOf(bounds: unknown): readonly string[] {
  if (typeof bounds !== 'object' || bounds === null) return [];
  return Object.values(bounds)
    .flat()
    .map((range: unknown) => String(range));
}

/** Values of a unique index: no more documents than were asked for. */
function isOfPoints({ isUnique, indexBounds }: Leaf): boolean {
  return isUnique === true && rangesOf(indexBounds).every(isPoint);
}

/** Such as `["a", "a"]`. */
function isPoint(range: string): boolean {
  const inside = /^\[(.*)\]$/s.exec(range)?.[1];
  if (inside === undefined) return false;
  const half = (inside.length - 2) / 2;
  return inside.slice(0, half) === inside.slice(half + 2);
}
