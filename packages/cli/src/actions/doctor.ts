import { type Finding, LmsError } from '@lms/core/kernel';
import type { Console } from '../console.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-codes.js';
import { hintFor } from '../hints.js';
import { findAndRead, openLms } from '../open-lms.js';
import { printable } from '../output/index.js';

/** Looks from the outside in, and stops at what stops everything behind it. Exits as the first failure would. */
export async function examine(console: Console): Promise<ExitCode> {
  const { output } = console;
  const findings: Finding[] = [];
  const exitCode = await look(console, findings);
  output.answer({ ok: exitCode === exitCodes.ok, findings }, () =>
    findings.map((finding) => findingLine(finding, output.style)).join('\n'),
  );
  return exitCode;
}

async function look(console: Console, findings: Finding[]): Promise<ExitCode> {
  const { file } = await findAndRead(console);
  findings.push({ name: 'configuration', ok: true, message: file });
  const { lms, label, chosen } = await openLms(console);
  findings.push({ name: 'store', ok: true, message: `"${chosen.name}": ${label}` });
  try {
    await lms.ready();
    const found = await lms.check();
    findings.push(...found);
    return found.every(({ ok }) => ok) ? exitCodes.ok : exitCodes.unavailable;
  } catch (thrown) {
    if (!LmsError.isInstance(thrown)) throw thrown;
    const next = hintFor(thrown);
    findings.push({
      name: 'opening',
      ok: false,
      message: next === null ? thrown.message : `${thrown.message}; ${next}`,
    });
    return exitCodeOf(thrown);
  } finally {
    await lms.close();
  }
}

function findingLine({ name, ok, message }: Finding, style: Console['output']['style']): string {
  return `${ok ? style.green('ok  ') : style.red('FAIL')}  ${printable(`${name}: ${message}`)}`;
}
