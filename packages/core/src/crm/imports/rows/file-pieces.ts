import type { FileHandle } from 'node:fs/promises';

const pieceBytes = 32 * 1024;

export interface PiecesOptions {
  /** Place of the first byte. */
  readonly from: number;
  /** Place behind the last byte that is read, even if the file has grown. */
  readonly size: number;
  readonly signal: AbortSignal | undefined;
}

/** The bytes of a file, piece by piece. A piece is good until the next one is asked for: all stand in one buffer. */
export async function* filePieces(
  handle: FileHandle,
  { from, size, signal }: PiecesOptions,
): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(Math.max(1, Math.min(pieceBytes, size - from)));
  for (let at = from; at < size; ) {
    signal?.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, size - at), at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
