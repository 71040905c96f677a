import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests that start programs take longest, whatever the size of their file. */
const STARTS_PROGRAMS = /\/(scripts\/|packages\/cli\/src\/test\/|packages\/core\/src\/crash)/;

/**
 * Files in the order in which they took longest the last time, and in a checkout that was never tested those that start programs, then
 * the larger ones: a long file that begins last leaves the other cores without work.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isKnown = (file: TestSpecification): boolean => this.ctx.cache.getTestSpecificationResult(file) !== undefined;
    if (sorted.every(isKnown)) return sorted;
    const startsPrograms = ({ moduleId }: TestSpecification): boolean => STARTS_PROGRAMS.test(moduleId);
    return [...sorted.filter(startsPrograms), ...sorted.filter((file) => !startsPrograms(file))];
  }
}
