import { createInterface } from 'node:readline/promises';
import { LmsError } from '@lms/core/kernel';

export interface Confirmation {
  /** What will happen, as a question. */
  readonly question: string;
  /** The flag that answers yes. */
  readonly yes: boolean;
  /** Whether there is somebody to ask: a terminal, and no `--no-input`. */
  readonly mayAsk: boolean;
  readonly signal: AbortSignal;
}

/**
 * Returns when the answer is yes.
 * @throws LmsError `COMMAND_ABORTED` when it is no; `USAGE_INVALID` when nobody can be asked and `--yes` is missing
 */
export async function confirm({ question, yes, mayAsk, signal }: Confirmation): Promise<void> {
  if (yes) return;
  if (!mayAsk) {
    throw new LmsError('USAGE_INVALID', { message: `This needs --yes where nobody can be asked: ${question}` });
  }
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await reader.question(`${question} [y/N] `, { signal });
    if (/^\s*(y|yes)\s*$/i.test(answer)) return;
  } catch (cause) {
    // Ctrl-C and Ctrl-D at the question are an answer too.
    const isStopped = cause instanceof Error && cause.name === 'AbortError';
    if (!signal.aborted && !isStopped) throw cause;
  } finally {
    reader.close();
  }
  throw new LmsError('COMMAND_ABORTED', { message: 'Nothing was changed' });
}
