/** What the bytes 0x80 to 0x9F stand for (encoding.spec.whatwg.org/index-windows-1252.txt); five of them for nothing. */
const upperControls =
  '\u20ac\ufffd\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\ufffd\u017d\ufffd' +
  '\ufffd\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\ufffd\u017e\u0178';

const firstControl = 0x80;

/** Bytes that stand for nothing in Windows-1252. */
export const unassignedBytes: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/** By a table of its own: some versions of Node.js read these bytes as if they were Latin-1 (nodejs/node#56542). */
export function decodeWindows1252(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return text.replace(/[\u0080-\u009f]/g, (control) => upperControls[control.charCodeAt(0) - firstControl] ?? '\ufffd');
}
