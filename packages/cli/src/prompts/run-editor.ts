import { spawn } from 'node:child_process';
import { LmsError } from '@lms/core/kernel';

/**
 * Opens a file in the person's editor and returns when that is done: VISUAL, else EDITOR, else vi. The variables may hold
 * words for the editor too (`code --wait`).
 * @throws LmsError `USAGE_INVALID` when it cannot be started, `COMMAND_ABORTED` when it says that it failed
 */
export async function runEditor(file: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const editor = environment['VISUAL'] || environment['EDITOR'] || 'vi';
  const { code, signal } = await withoutInterrupts(() => run(editor, file));
  if (code === 0) return;
  if (code === notExecutable || code === notFound || (code === null && signal === null)) {
    const message = `The editor "${editor}" cannot be started; name another one in VISUAL or EDITOR`;
    throw new LmsError('USAGE_INVALID', { message, path: 'EDITOR' });
  }
  const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
  throw new LmsError('COMMAND_ABORTED', { message: `The editor "${editor}" ended ${how}; nothing was changed` });
}

/** What a shell answers for a command that it cannot run, or does not find. */
const notExecutable = 126;
const notFound = 127;

interface Ending {
  /** Both are null when there was nothing to start. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

function run(editor: string, file: string): Promise<Ending> {
  const child =
    process.platform === 'win32'
      ? spawn(`${editor} "${file}"`, { shell: true, stdio: 'inherit' })
      : spawn('/bin/sh', ['-c', `${editor} "$@"`, editor, file], { stdio: 'inherit' });
  return new Promise((resolve) => {
    child.on('error', () => resolve({ code: null, signal: null }));
    child.on('exit', (code, signal) => resolve({ code, signal }));
  });
}

/** Ctrl-C in the editor is the editor's own. */
async function withoutInterrupts<Result>(work: () => Promise<Result>): Promise<Result> {
  const listeners = process.listeners('SIGINT');
  const ignore = (): void => undefined;
  process.removeAllListeners('SIGINT').on('SIGINT', ignore);
  try {
    return await work();
  } finally {
    process.off('SIGINT', ignore);
    for (const listener of listeners) process.on('SIGINT', listener);
  }
}
