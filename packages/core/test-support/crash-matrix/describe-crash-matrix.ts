import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StorageShape } from '../../src/index.js';
import { chooser, testSeed } from '../test-seed.js';
import { CrashMatrix, type MatrixReport } from './crash-matrix.js';
import type { CrashOperation } from './operation.js';
import { crashOperations } from './operations.js';

/** Points of an operation that is not cut everywhere. */
const pointsOfSample = 3;

const isFull = process.env['LMS_TEST_FULL'] === '1';

/**
 * Operations cut at the commands that go to the drivers of a shape, a test each. In a full run every operation at every point;
 * else those of {@link CrashOperation.everyRun} on the embedded store wherever a cut can leave something else, and of the others a
 * seeded sample. Prints how many there were.
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

    for (const operation of isFull ? crashOperations : operationsOfRun(shape, choose)) {
      it(`${operation.name}: nothing is lost, doubled or torn apart`, { timeout: 1_800_000 }, async () => {
        if (matrix === undefined) throw new Error('the matrix is not open');
        const everywhere = isFull || (shape === 'sqlite' && operation.everyRun === true);
        const report = everywhere
          ? await (isFull ? matrix.cutEverywhere(operation) : matrix.cutWhereItChanges(operation))
          : await matrix.cutAtSome(operation, (points) => choose(points, pointsOfSample));
        reports.set(operation.name, report);
        expect(report.problems).toEqual([]);
        // A run may take a command less than the one that was counted: one more or less of a pool's reads.
        expect(report.points).toBeGreaterThanOrEqual(everywhere ? report.commands * (isFull ? 2 : 1) - 4 : 1);
      });
    }
  });
}

/** On servers a sample of the operations too. */
function operationsOfRun(shape: StorageShape, choose: ReturnType<typeof chooser>): readonly CrashOperation[] {
  return shape === 'sqlite' ? crashOperations : choose(crashOperations, operationsOnServers);
}

const operationsOnServers = 6;

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
