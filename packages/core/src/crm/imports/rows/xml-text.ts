import { MalformedXml } from './malformed-xml.js';

/** The five entities of XML itself; a workbook can name no others. */
const named: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);
const entity = /&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|(\w{1,8}));|&/g;

/** Text between tags: entities as their characters, every line break as one line feed (XML 1.0, §2.11). */
export function decodedText(raw: string): string {
  const text = withLineFeeds(raw);
  return text.includes('&') ? withEntities(text) : text;
}

/** Text that stands as it is (CDATA), but for its line breaks. */
export function withLineFeeds(raw: string): string {
  return raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
}

/** The value of an attribute: white space is a space each (XML 1.0, §3.3.3). */
export function decodedAttribute(raw: string): string {
  if (!/[&\t\n\r]/.test(raw)) return raw;
  return withEntities(raw.replace(/\r\n|[\t\n\r]/g, ' '));
}

function withEntities(text: string): string {
  return text.replace(entity, (_, decimal?: string, hexadecimal?: string, name?: string) => {
    if (name !== undefined) {
      const character = named.get(name);
      if (character !== undefined) return character;
    } else if (decimal !== undefined || hexadecimal !== undefined) {
      const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
      if (isCharacter(code)) return String.fromCodePoint(code);
    }
    throw new MalformedXml('an entity is unknown');
  });
}

/** XML 1.0, §2.2. */
function isCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}
