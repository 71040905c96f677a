/** The content of a message as it is kept, sealed, in the record of a call. */
export interface RecordedMessage {
  /** The whole URL; of an answer the place that gave it, where a redirect led there, else null. */
  readonly url: string | null;
  /** Values of secret headers are `***`, of an answer of those whose names say so. */
  readonly headers: Readonly<Record<string, string>>;
  /** Text where the bytes are UTF-8, else base64. */
  readonly body: { readonly text: string } | { readonly base64: string };
  /** Whether the body is longer than what is kept of it. */
  readonly cut: boolean;
}

/** The beginning of a message, of which at most `mostBytes` of the body are kept. */
export function recordedMessage(
  { url, headers, body }: Pick<RecordedMessage, 'url' | 'headers'> & { readonly body: Uint8Array },
  mostBytes: number,
): RecordedMessage {
  const kept = body.subarray(0, mostBytes);
  return {
    url,
    headers,
    body: textOf(kept) ?? { base64: Buffer.from(kept).toString('base64') },
    cut: body.length > mostBytes,
  };
}

/** A letter that was cut in two at the end is left out. */
function textOf(bytes: Uint8Array): { readonly text: string } | null {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true }) };
  } catch {
    return null;
  }
}
