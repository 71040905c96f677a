import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * What stands in files that take longest, the first line longest of all: they run whole suites or start programs, however short they
 * are themselves.
 */
const LONG: readonly RegExp[] = [
  /test-support\/crash-matrix\/describe|await runConformance\(/,
  /node:child_process|\/(child|[a-z]+-child|lms-process|stores|terminal)\.js'|\/(run-tool|packed-project|run-page)\.ts'|test-support\/(crash|own-)/,
];

/**
 * Files in the order in which they took longest the last time, and in a checkout that was never tested those that start programs, then
 * the larger ones: a long file that begins last leaves the other cores without work.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isKnown = (file: TestSpecification): boolean => this.ctx.cache.getTestSpecificationResult(file) !== undefined;
    if (sorted.every(isKnown)) return sorted;
    const ranks = new Map(sorted.map((file) => [file, rankOf(readFileSync(file.moduleId, 'utf8'))]));
    return sorted.sort((one, other) => (ranks.get(one) ?? 0) - (ranks.get(other) ?? 0));
  }
}

function rankOf(text: string): number {
  const rank = LONG.findIndex((pattern) => pattern.test(text));
  return rank === -1 ? LONG.length : rank;
}
