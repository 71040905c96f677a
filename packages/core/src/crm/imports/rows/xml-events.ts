import { SaxesParser } from 'saxes';
import { beyondLimit } from './unreadable.js';

/** Bytes without a tag beyond which it is no sheet: the parser holds the text of a cell until the cell ends. */
const longestText = 8 * 1024 * 1024;

export interface XmlHandlers {
  /** @param attribute value by local name, undefined when absent */
  open(name: string, attribute: (name: string) => string | undefined): void;
  text(text: string): void;
  close(name: string): void;
}

/**
 * Reads XML piece by piece into handlers, with names without their prefix. Yields after each piece, so that what the
 * handlers gathered can be taken. Refuses what is not well-formed; entities other than XML's own five are refused, so nothing
 * can expand.
 * @throws LmsError `LIMIT_EXCEEDED` for a text or tag without end
 */
export async function* readXml(pieces: AsyncIterable<Uint8Array>, handlers: XmlHandlers): AsyncGenerator<void> {
  const parser = new SaxesParser();
  let sinceTag = 0;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    sinceTag = 0;
    handlers.open(localName(name), (wanted) => {
      if (Object.hasOwn(attributes, wanted)) return attributes[wanted];
      return Object.entries(attributes).find(([key]) => key.endsWith(`:${wanted}`))?.[1];
    });
  });
  parser.on('text', (text) => handlers.text(text));
  parser.on('cdata', (text) => handlers.text(text));
  parser.on('closetag', ({ name }) => {
    sinceTag = 0;
    handlers.close(localName(name));
  });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const piece of pieces) {
    sinceTag += piece.length;
    parser.write(decoder.decode(piece, { stream: true }));
    if (sinceTag > longestText) {
      throw beyondLimit(`A text in the spreadsheet has more than ${longestText} bytes.`, 'textBytes', longestText);
    }
    yield;
  }
  parser.write(decoder.decode()).close();
  yield;
}

/** Reads all of it. */
export async function readWholeXml(pieces: AsyncIterable<Uint8Array>, handlers: XmlHandlers): Promise<void> {
  for await (const _ of readXml(pieces, handlers));
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}
