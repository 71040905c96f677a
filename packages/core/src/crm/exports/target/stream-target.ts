import type { Writable } from 'node:stream';
import { LmsError } from '../../../foundation/kernel/index.js';
import type { ExportTarget } from './export-target.js';

/**
 * A stream that somebody else opened and closes; what was given to it cannot be taken back. At most what it buffers waits in
 * memory.
 */
export function streamTarget(stream: Writable, signal: AbortSignal | undefined): ExportTarget {
  return {
    write: (bytes) => given(stream, bytes, signal),
    close: async () => undefined,
    publish: async () => undefined,
    discard: async () => undefined,
  };
}

/** Returns when the stream took the bytes; throws `EXPORT_NOT_WRITTEN` when it broke, the reason of the signal when it stops. */
function given(stream: Writable, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error: unknown): void => {
      stream.off('error', failed).off('close', closed);
      signal?.removeEventListener('abort', stopped);
      if (error === undefined) resolve();
      else reject(error);
    };
    const failed = (cause: unknown): void => settle(broken(cause));
    const closed = (): void => settle(broken(new Error('it was closed')));
    const stopped = (): void => settle(signal?.reason ?? new Error('stopped'));
    if (stream.destroyed || stream.writableEnded) return closed();
    stream.on('error', failed).on('close', closed);
    signal?.addEventListener('abort', stopped, { once: true });
    stream.write(bytes, (error) => settle(error == null ? undefined : broken(error)));
  });
}

function broken(cause: unknown): LmsError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LmsError('EXPORT_NOT_WRITTEN', { message: `the stream takes no more of the export: ${reason}`, cause });
}
