import { type ConformanceOutcome, conformanceCases, runConformance } from '@lms/core/conformance';
import { chooseStore } from '../configuration/index.js';
import type { Console } from '../console.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { findAndRead } from '../open-lms.js';
import { printable, table } from '../output/index.js';
import { scratchTarget } from '../scratch-target.js';

/**
 * Runs every case of the suite. Exits as a store that cannot be used where a MUST is broken. What was found is told also when the scratch store
 * cannot be removed, as when the server went away; why it could not be opened goes before why it could not be removed.
 */
export async function verifyStorage(console: Console): Promise<ExitCode> {
  const { environment, options, output, signal } = console;
  const { configuration, file } = await findAndRead(console);
  const chosen = chooseStore(configuration, file, { flag: options.store, environment });
  const target = await scratchTarget(chosen, environment);
  output.say(`Trying ${conformanceCases.length} cases in ${printable(target.label)}.`);
  const outcomes: ConformanceOutcome[] = [];
  let leftBehind: string | null = null;
  try {
    await runConformance(target, {
      signal,
      onCase(outcome) {
        outcomes.push(outcome);
        output.progress.show(`${outcomes.length} of ${conformanceCases.length}  ${outcome.id}`);
      },
    });
  } finally {
    leftBehind = await target.remove().then(() => null, messageOf);
    if (leftBehind !== null) output.warn(printable(`warning: the scratch store is left behind: ${leftBehind}`));
  }
  const notRun = conformanceCases.length - outcomes.length;
  const exitCode = exitCodeFor(outcomes, { isStopped: signal.aborted, notRun });
  const answer = {
    ok: exitCode === exitCodes.ok,
    store: chosen.name,
    kind: chosen.store.kind,
    cases: outcomes.map(caseOf),
    notRun,
    leftBehind,
  };
  output.answer(answer, () => `${outcomeTable(answer.cases, output)}\n\n${summaryOf(answer.cases, answer.notRun)}`);
  endInTime();
  return exitCode;
}

/** A case that never ends leaves connections open, which would keep the process from ending. */
function endInTime(): void {
  setTimeout(() => process.exit(), endMillis).unref();
}

const endMillis = 5_000;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * A broken MUST weighs more than that the others were not run; a broken SHOULD weighs nothing. Where a case never ended the others are not run,
 * and a store that nobody looked at keeps no promise.
 */
export function exitCodeFor(
  outcomes: readonly Pick<ConformanceOutcome, 'level' | 'passed'>[],
  { isStopped, notRun }: { readonly isStopped: boolean; readonly notRun: number },
): ExitCode {
  if (outcomes.some(({ level, passed }) => level === 'MUST' && !passed)) return exitCodes.unavailable;
  if (isStopped) return exitCodes.stopped;
  return notRun === 0 ? exitCodes.ok : exitCodes.unavailable;
}

interface VerifiedCase {
  readonly id: string;
  readonly level: 'MUST' | 'SHOULD';
  readonly title: string;
  readonly kept: boolean;
  /** What was seen instead. */
  readonly problem: string | null;
}

function caseOf({ id, level, title, passed, failure }: ConformanceOutcome): VerifiedCase {
  return { id, level, title, kept: passed, problem: passed ? null : messageOf(failure) };
}

function outcomeTable(cases: readonly VerifiedCase[], output: Console['output']): string {
  const { style } = output;
  return table(
    cases,
    [
      { heading: 'Case', cell: ({ id }) => id },
      { heading: 'Level', cell: ({ level }) => level },
      {
        heading: 'Result',
        cell: ({ kept }) => (kept ? 'kept' : 'BROKEN'),
        paint: (text, { kept }) => (kept ? style.green(text) : style.red(text)),
      },
      {
        heading: 'Promise',
        cell: ({ title, problem }) => (problem === null ? title : `${title}: ${problem.split('\n')[0] ?? ''}`),
        minimum: 20,
        wraps: true,
      },
    ],
    output,
  );
}

function summaryOf(cases: readonly VerifiedCase[], notRun: number): string {
  const levels = (['MUST', 'SHOULD'] as const).filter((level) => cases.some((each) => each.level === level));
  const counted = levels.map((level) => {
    const ofLevel = cases.filter((each) => each.level === level);
    const broken = ofLevel.filter(({ kept }) => !kept).length;
    return `${ofLevel.length} ${level}: ${ofLevel.length - broken} kept, ${broken} broken`;
  });
  return [...counted, ...(notRun === 0 ? [] : [`${notRun} not run`])].join('; ');
}
