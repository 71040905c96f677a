import { TextDecoder } from 'node:util';
import { MalformedXml } from './malformed-xml.js';
import { type XmlHandlers, XmlScanner } from './xml-scanner.js';

/** Control characters and the two that are none: no XML holds them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/**
 * Reads a part of a workbook piece by piece into handlers. Yields after each piece, so that what the handlers gathered can be
 * taken.
 * @throws MalformedXml
 */
export async function* readXml(pieces: AsyncIterable<Uint8Array>, handlers: XmlHandlers): AsyncGenerator<void> {
  const scanner = new XmlScanner(handlers);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const piece of pieces) {
    scanner.write(checked(decode(decoder, piece)));
    yield;
  }
  scanner.write(checked(decode(decoder)));
  scanner.end();
  yield;
}

/** Reads all of it. */
export async function readWholeXml(pieces: AsyncIterable<Uint8Array>, handlers: XmlHandlers): Promise<void> {
  for await (const _ of readXml(pieces, handlers));
}

function decode(decoder: TextDecoder, piece?: Uint8Array): string {
  try {
    return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
  } catch {
    throw new MalformedXml('it is not UTF-8');
  }
}

function checked(text: string): string {
  if (forbidden.test(text)) throw new MalformedXml('it holds characters that XML cannot hold');
  return text;
}
