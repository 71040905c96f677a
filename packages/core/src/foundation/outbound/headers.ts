const token = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const printable = /^[\t\x20-\x7e]*$/;

/** Said by the connection itself; a caller who sets one could smuggle a second request into the first. */
const ofConnection: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** A name of a header in lower case that callers may set. */
export function isHeaderName(text: string): boolean {
  return text.length <= 100 && token.test(text) && !ofConnection.has(text);
}

/** Printable ASCII: no line break can end the header and begin another. */
export function isHeaderValue(text: string): boolean {
  return text.length <= 8_000 && printable.test(text);
}
