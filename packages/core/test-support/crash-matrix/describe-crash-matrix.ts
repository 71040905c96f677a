import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StorageShape } from '../../src/index.js';
import { chooser, inTurn, testSeed } from '../test-seed.js';
import { CrashMatrix, type MatrixReport } from './crash-matrix.js';
import type { CrashOperation } from './operation.js';
import { crashOperations } from './operations.js';

/** Points of an operation that is not cut everywhere. */
const pointsOfSample = 3;
/** Of the relay between two servers, which each run cuts. */
const pointsOfRelay = 6;

const isFull = process.env['LMS_TEST_FULL'] === '1';

/**
 * Operations cut at the commands that go to the drivers of a shape, a test each. In a full run every operation at every point; else those
 * of {@link CrashOperation.everyRun} on the embedded store and the relay between two servers at some points, and of the others, in their
 * turn as the seed says, a sample; of the former also what a kill would leave wherever that is something else. Prints how many there were.
 */
export function describeCrashMatrix(shape: StorageShape): void {
  describe(`killed anywhere on ${shape}`, () => {
    const choose = chooser(`crash matrix ${shape}`);
    const reports = new Map<string, Reports>();
    let matrix: CrashMatrix | undefined;
    beforeAll(async () => {
      matrix = await CrashMatrix.open(shape);
    });
    afterAll(async () => {
      await matrix?.close();
      console.log(summary(shape, reports));
    });

    for (const operation of isFull ? crashOperations : operationsOfRun(shape)) {
      it(`${operation.name}: nothing is lost, doubled or torn apart`, { timeout: 1_800_000 }, async () => {
        if (matrix === undefined) throw new Error('the matrix is not open');
        const asked = pointsOf(operation, shape);
        const killed = isFull
          ? await everywhere(operation, shape, matrix)
          : await matrix.cutAtSome(operation, (points) => choose(points, asked));
        const isCopied = !isFull && shape === 'sqlite' && operation.everyRun === true;
        const copied = isCopied ? await matrix.copyWhereItChanges(operation) : null;
        reports.set(operation.name, { killed, copied });
        expect([...killed.problems, ...(copied?.problems ?? [])]).toEqual([]);
        // A run may take a command less than the one that was counted: one more or less of a pool's reads.
        const cut = isFull ? killed.commands * 2 - 4 : Math.min(asked, killed.commands * 2) - 1;
        expect(killed.points).toBeGreaterThanOrEqual(Math.max(1, cut));
        if (copied !== null) expect(copied.points).toBeGreaterThanOrEqual(copied.commands);
      });
    }
  });
}

/**
 * At every point. After each point of one that is {@link CrashOperation.alone} the whole store is read, on servers one that all points
 * share: such a one has a store that holds nothing of the operations before it.
 */
async function everywhere(operation: CrashOperation, shape: StorageShape, shared: CrashMatrix): Promise<MatrixReport> {
  if (operation.alone !== true || shape === 'sqlite') return shared.cutEverywhere(operation);
  const own = await CrashMatrix.open(shape);
  try {
    return await own.cutEverywhere(operation);
  } finally {
    await own.close();
  }
}

/** The operations of every run, and others in their turn. */
function operationsOfRun(shape: StorageShape): readonly CrashOperation[] {
  const always = crashOperations.filter((operation) => isAlwaysCut(operation, shape));
  const others = crashOperations.filter((operation) => !isAlwaysCut(operation, shape));
  return [...always, ...inTurn(others, shape === 'sqlite' ? sampledEmbedded : sampledOnServers)];
}

const sampledEmbedded = 12;
const sampledOnServers = 5;

function isAlwaysCut(operation: CrashOperation, shape: StorageShape): boolean {
  return shape === 'sqlite' ? operation.everyRun === true : isRelayBetweenServers(operation, shape);
}

function isRelayBetweenServers({ name }: CrashOperation, shape: StorageShape): boolean {
  return shape === 'hybrid' && name === 'relay step';
}

function pointsOf(operation: CrashOperation, shape: StorageShape): number {
  return isRelayBetweenServers(operation, shape) ? pointsOfRelay : pointsOfSample;
}

interface Reports {
  readonly killed: MatrixReport;
  readonly copied: MatrixReport | null;
}

function summary(shape: StorageShape, reports: ReadonlyMap<string, Reports>): string {
  const lines = [...reports].map(([name, { killed, copied }]) => {
    const copies = copied === null ? '' : `, what kills would leave copied at ${copied.points}`;
    return `  ${name}: ${killed.commands} commands, killed at ${killed.points} points${copies}`;
  });
  const all = [...reports.values()].flatMap(({ killed, copied }) => (copied === null ? [killed] : [killed, copied]));
  const points = all.reduce((sum, report) => sum + report.points, 0);
  const problems = all.reduce((sum, report) => sum + report.problems.length, 0);
  const how = isFull ? 'every point' : `seed ${testSeed}`;
  return [
    ...lines,
    `crash matrix on ${shape} (${how}): ${reports.size} operations, ${points} points, ${problems} problems`,
  ].join('\n');
}
