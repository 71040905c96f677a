import { LmsError } from '../kernel/index.js';

/** Ends a call when its caller stops it, or when it has taken as long as it may. */
export interface CallSignal extends Disposable {
  /** Its reason is an {@link LmsError}. */
  readonly signal: AbortSignal;
}

/** @param totalMillis how long the call may take, by the machine's own timer */
export function callSignal(target: string, totalMillis: number, caller: AbortSignal | undefined): CallSignal {
  const controller = new AbortController();
  const stop = (): void =>
    controller.abort(
      new LmsError('COMMAND_ABORTED', { message: `the call of target ${target} was stopped by its caller` }),
    );
  const timer = setTimeout(() => {
    controller.abort(
      new LmsError('OUTBOUND_TIMEOUT', {
        message: `the call of target ${target} took longer than ${totalMillis} ms in all`,
      }),
    );
  }, totalMillis);
  if (caller?.aborted) stop();
  else caller?.addEventListener('abort', stop, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      caller?.removeEventListener('abort', stop);
    },
  };
}
