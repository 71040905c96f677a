import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import type { Tally } from './gates/run-gates.ts';
import { inWorkspace, workspaceRoot } from './workspace.ts';

/** What of vitest's JSON report is read here. */
export interface VitestReport {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

const reportFile = inWorkspace('node_modules', '.cache', 'lms', 'vitest.json');

/** Runs every test with these environment variables added and counts the results. */
export async function runVitest(environment: Readonly<Record<string, string>>): Promise<Tally> {
  mkdirSync(dirname(reportFile), { recursive: true });
  rmSync(reportFile, { force: true });
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const code = await vitestExitCode(args, environment);
  if (!existsSync(reportFile)) {
    console.log(`FAIL  vitest ended with ${code} and left no report`);
    return { passed: 0, failed: 1 };
  }
  const report: VitestReport = JSON.parse(readFileSync(reportFile, 'utf8'));
  const { tally, complaints } = tallyOf(report, code);
  for (const complaint of complaints) console.log(`FAIL  ${complaint}`);
  return tally;
}

/**
 * Counts a report so that nothing green can hide: a test that was skipped or left to do counts as failed, so does a file that
 * did not load, and so does a run that failed for another reason (an error outside a test, no test at all).
 */
export function tallyOf(report: VitestReport, exitCode: number): { tally: Tally; complaints: readonly string[] } {
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const complaints = [
    ...tests.filter(({ status }) => status !== 'passed').map(({ status, fullName }) => `${status}: ${fullName}`),
    ...report.testResults
      .filter(
        ({ status, assertionResults }) =>
          status !== 'passed' && assertionResults.every((test) => test.status === 'passed'),
      )
      .map(({ name, message }) => `did not load or ended with an error: ${name} ${message ?? ''}`),
  ];
  if (complaints.length === 0 && (exitCode !== 0 || !report.success)) complaints.push(`vitest ended with ${exitCode}`);
  if (complaints.length === 0 && tests.length === 0) complaints.push('vitest found no test');
  const passed = tests.filter(({ status }) => status === 'passed').length;
  return { tally: { passed, failed: complaints.length }, complaints };
}

function vitestExitCode(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const vitest = inWorkspace('node_modules', 'vitest', 'vitest.mjs');
    const child = spawn(process.execPath, [vitest, ...args], {
      cwd: workspaceRoot,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...environment },
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
