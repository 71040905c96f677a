import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { MalformedXml } from './malformed-xml.js';
import { XmlScanner } from './xml-scanner.js';

type Event = readonly [kind: 'open' | 'text' | 'close', what: string, attributes?: Readonly<Record<string, string>>];

/** What the scanner tells of a text that comes in pieces; neighbouring texts are one. */
function scanned(pieces: readonly string[], asked: readonly string[]): Event[] {
  const events: Event[] = [];
  const scanner = new XmlScanner({
    wantsText: true,
    open: (name, attribute) => {
      const found = asked.map((key) => [key, attribute(key)] as const);
      events.push([
        'open',
        name,
        Object.fromEntries(found.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]))),
      ]);
    },
    text: (text) => addText(events, text),
    close: (name) => events.push(['close', name]),
  });
  for (const piece of pieces) scanner.write(piece);
  scanner.end();
  return events;
}

/** What a full parser of XML tells of the same. */
function parsed(text: string): Event[] {
  const events: Event[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => events.push(['open', name, { ...attributes }]));
  parser.on('text', (content) => addText(events, content));
  parser.on('cdata', (content) => addText(events, content));
  parser.on('closetag', ({ name }) => events.push(['close', name]));
  parser.write(text).close();
  return events;
}

function addText(events: Event[], text: string): void {
  const last = events.at(-1);
  // Nothing but white space may stand around the root, and a parser may tell it or not.
  if (last === undefined || (last[0] === 'close' && depthOf(events) === 0)) return;
  if (last[0] === 'text') events[events.length - 1] = ['text', last[1] + text];
  else if (text !== '') events.push(['text', text]);
}

function depthOf(events: readonly Event[]): number {
  return events.filter(([kind]) => kind === 'open').length - events.filter(([kind]) => kind === 'close').length;
}

const names = ['c', 'row', 'v', 'is', 't', 'sheetData'];
const keys = ['r', 's', 't', 'hidden'];
/** Without `]]>`, which a full parser refuses in a text, and the scanner reads as it stands. */
const content = fc
  .array(
    fc.constantFrom(
      'a',
      ' ',
      '\n',
      '\r\n',
      '\r',
      '\t',
      '&amp;',
      '&lt;',
      '&#65;',
      '&#x1F600;',
      'é',
      'रवि',
      '😀',
      '>',
      "'",
      '"',
    ),
    {
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(''));
const attribute = fc.tuple(
  fc.constantFrom(...keys),
  content.map((text) => text.replaceAll('"', '')),
  fc.constantFrom('', ' ', '\n'),
);
const attributes = fc
  .uniqueArray(attribute, { selector: ([key]) => key, maxLength: 4 })
  .map((list) => list.map(([key, value, gap]) => ` ${key}${gap}=${gap}"${value}"`).join(''));

const { element } = fc.letrec<{ element: string; inner: string }>((tie) => ({
  inner: fc.oneof(
    { maxDepth: 4 },
    content,
    fc.constantFrom('<!-- no <tag> -->', '<![CDATA[a < b\r\n& c]]>', '<?pi x?>'),
    tie('element'),
  ),
  element: fc
    .tuple(fc.constantFrom(...names), attributes, fc.array(tie('inner'), { maxLength: 4 }), fc.boolean())
    .map(([name, list, inside, isShort]) =>
      isShort ? `<${name}${list}/>` : `<${name}${list}>${inside.join('')}</${name} >`,
    ),
}));

describe('the scanner of XML', () => {
  it('tells the same as a full parser, wherever the text is cut', () => {
    fc.assert(
      fc.property(element, fc.array(fc.nat(), { maxLength: 5 }), (root, cuts) => {
        const text = `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
        const places = [
          0,
          ...cuts.map((cut) => cut % (text.length + 1)).sort((one, other) => one - other),
          text.length,
        ];
        const pieces = places.slice(1).map((end, at) => text.slice(places[at], end));
        expect(scanned(pieces, keys)).toEqual(parsed(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses what a full parser refuses, or reads it, but never tells it differently when both read it', () => {
    const broken = fc.tuple(element, fc.nat(), fc.constantFrom('<', '>', '"', '/', '&', '=', 'x', ''));
    fc.assert(
      fc.property(broken, ([root, place, sign]) => {
        const letters = [...root];
        letters[place % letters.length] = sign;
        const text = letters.join('');
        const full = outcomeOf(() => parsed(text));
        const own = outcomeOf(() => scanned([text], keys));
        if (full !== null && own !== null && !mentionsOthers(full)) expect(own).toEqual(full);
        if (own === null) return;
        // Whatever it reads, it reads to the end: as many tags are closed as were opened.
        expect(depthOf(own)).toBe(0);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['a tag that is never closed', '<a><b></b>'],
    ['tags in the wrong order', '<a><b></a></b>'],
    ['a closing tag too many', '<a></a></a>'],
    ['a longer name at the end', '<a></ab>'],
    ['two roots', '<a/><b/>'],
    ['text outside of the root', '<a/>text'],
    ['nothing', ''],
    ['an entity of its own', '<a>&b;</a>'],
    ['a bare ampersand', '<a>b & c</a>'],
    ['a character that is none', '<a>&#0;</a>'],
    ['a document type', '<!DOCTYPE a><a/>'],
    ['an attribute without quotes', '<a b=c/>'],
    ['an attribute without a value', '<a b/>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['a value that swallows a tag', '<a b="1><c d="/></a>'],
    ['attributes without a space between', '<a b="1"c="2"/>'],
    ['another encoding', '<?xml version="1.0" encoding="ISO-8859-1"?><a/>'],
    ['a tag without end', `<a ${'b'.repeat(1024 * 1024 + 10)}`],
    ['tags without end', '<a>'.repeat(101)],
  ])('refuses %s', (_, text) => {
    expect(() => scanned([text], [])).toThrow(MalformedXml);
  });

  it('leaves prefixes out, and prefers an attribute without one', () => {
    expect(scanned(['<x:a r:id="1" id="2" x:b="3"/>'], ['id', 'b'])).toEqual([
      ['open', 'a', { id: '2', b: '3' }],
      ['close', 'a'],
    ]);
  });
});

function outcomeOf(work: () => Event[]): Event[] | null {
  try {
    return work();
  } catch {
    return null;
  }
}

/** Names and attributes that a slip made, of which the scanner was not asked. */
function mentionsOthers(events: readonly Event[]): boolean {
  return (
    events.some(([, , list = {}]) => Object.keys(list).some((key) => !keys.includes(key))) ||
    events.some(([kind, name]) => kind === 'open' && name.includes(':'))
  );
}
