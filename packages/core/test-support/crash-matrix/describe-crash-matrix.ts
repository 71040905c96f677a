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
 * Operations cut at the commands that go to the drivers of a shape, a test each. In a full run every operation at every point;
 * else those of {@link CrashOperation.everyRun} on the embedded store wherever a cut can leave something else, the relay between two
 * servers at some points, and of the others, in their turn as the seed says, a sample. Prints how many there were.
 */
export function describeCrashMatrix(shape: StorageShape): void {
  describe(`killed anywhere on ${shape}`, () => {
    const choose = chooser(`crash matrix ${shape}`);
    const reports = new Map<string, MatrixReport>();
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
        const everywhere = isFull || (shape === 'sqlite' && operation.everyRun === true);
        const asked = pointsOf(operation, shape);
        const report = everywhere
          ? await (isFull ? matrix.cutEverywhere(operation) : matrix.cutWhereItChanges(operation))
          : await matrix.cutAtSome(operation, (points) => choose(points, asked));
        reports.set(operation.name, report);
        expect(report.problems).toEqual([]);
        // A run may take a command less than the one that was counted: one more or less of a pool's reads.
        const cut = everywhere ? report.commands * (isFull ? 2 : 1) - 4 : Math.min(asked, report.commands * 2) - 1;
        expect(report.points).toBeGreaterThanOrEqual(Math.max(1, cut));
      });
    }
  });
}

/** The operations of every run, and others in their turn. */
function operationsOfRun(shape: StorageShape): readonly CrashOperation[] {
  const always = crashOperations.filter((operation) => isAlwaysCut(operation, shape));
  const others = crashOperations.filter((operation) => !isAlwaysCut(operation, shape));
  return [...always, ...inTurn(others, shape === 'sqlite' ? sampledEmbedded : sampledOnServers)];
}

const sampledEmbedded = 20;
const sampledOnServers = 6;

function isAlwaysCut(operation: CrashOperation, shape: StorageShape): boolean {
  return shape === 'sqlite' ? operation.everyRun === true : isRelayBetweenServers(operation, shape);
}

function isRelayBetweenServers({ name }: CrashOperation, shape: StorageShape): boolean {
  return shape === 'hybrid' && name === 'relay step';
}

function pointsOf(operation: CrashOperation, shape: StorageShape): number {
  return isRelayBetweenServers(operation, shape) ? pointsOfRelay : pointsOfSample;
}

function summary(shape: StorageShape, reports: ReadonlyMap<string, MatrixReport>): string {
  const lines = [...reports].map(
    ([name, { commands, points }]) => `  ${name}: ${commands} commands, killed at ${points} points`,
  );
  const points = [...reports.values()].reduce((sum, report) => sum + report.points, 0);
  const problems = [...reports.values()].reduce((sum, report) => sum + report.problems.length, 0);
  const how = isFull ? 'every point' : `seed ${testSeed}`;
  return [
    ...lines,
    `crash matrix on ${shape} (${how}): ${reports.size} operations, ${points} points, ${problems} problems`,
  ].join('\n');
}
