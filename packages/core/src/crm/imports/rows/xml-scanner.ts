import { MalformedXml } from './malformed-xml.js';
import { decodedAttribute, decodedText, withLineFeeds } from './xml-text.js';

export interface XmlHandlers {
  /** True while `text` is to be told; text between other tags is passed over. */
  readonly wantsText: boolean;
  /** @param attribute value by local name, undefined when absent; to be asked before `open` returns */
  open(name: string, attribute: (name: string) => string | undefined): void;
  /** A text may come in several pieces. */
  text(text: string): void;
  close(name: string): void;
}

const mostDepth = 100;
/** Characters of one tag or comment. */
const longestMarkup = 1024 * 1024;
const mostAttributes = 200;
const incomplete = -1;

const [tab, lineFeed, carriageReturn, space, quote, apostrophe, slash, lessThan, equals, greaterThan] = [
  9, 10, 13, 32, 34, 39, 47, 60, 61, 62,
];

/**
 * Reads XML as it comes, with names without their prefix: the narrow XML of workbooks, at several times the speed of a parser
 * for all of XML. Refuses what is not well-formed and every document type, so no entity can expand. What it holds back is one
 * unfinished tag.
 */
export class XmlScanner {
  readonly #handlers: XmlHandlers;
  /** Names of the open tags as they were written, and without their prefixes. */
  readonly #open: string[] = [];
  readonly #openLocal: string[] = [];
  /** Where the attributes of the tag being read stand: begin and end of the name, begin and end of the value. */
  readonly #places: number[] = [];
  #attributes = 0;
  #source = '';
  #rest = '';
  #hasRoot = false;
  readonly #attribute = (name: string): string | undefined => this.#valueOf(name);

  constructor(handlers: XmlHandlers) {
    this.#handlers = handlers;
  }

  /** @throws MalformedXml */
  write(text: string): void {
    const source = this.#rest === '' ? text : this.#rest + text;
    this.#source = source;
    let at = 0;
    let tag = source.indexOf('<');
    while (tag >= 0) {
      if (tag > at) this.#text(at, tag);
      at = tag;
      const end = this.#markup(tag);
      if (end === incomplete) break;
      at = end;
      tag = source.charCodeAt(at) === lessThan ? at : source.indexOf('<', at);
    }
    if (tag < 0) at = this.#textSoFar(at);
    this.#rest = source.slice(at);
    this.#source = '';
    if (this.#rest.length > longestMarkup) throw new MalformedXml('a tag has no end');
  }

  /** @throws MalformedXml when something is still open */
  end(): void {
    if (this.#rest.trim() !== '' || this.#open.length > 0 || !this.#hasRoot) throw new MalformedXml('it breaks off');
  }

  #text(from: number, to: number): void {
    if (this.#open.length === 0) {
      if (this.#source.slice(from, to).trim() !== '') throw new MalformedXml('text stands outside of all tags');
    } else if (this.#handlers.wantsText) {
      this.#handlers.text(decodedText(this.#source.slice(from, to)));
    }
  }

  /** The text at the end of what has come; an entity or line break that may go on is held back. */
  #textSoFar(from: number): number {
    const source = this.#source;
    let to = source.length;
    if (source.charCodeAt(to - 1) === carriageReturn) to -= 1;
    const entity = source.lastIndexOf('&');
    if (entity >= from && to - entity < 16 && source.indexOf(';', entity) < 0) to = entity;
    if (to <= from) return from;
    this.#text(from, to);
    return to;
  }

  /** Takes one tag, comment or instruction. @returns the place behind it */
  #markup(from: number): number {
    const source = this.#source;
    const next = source.charCodeAt(from + 1);
    if (next === slash) return this.#closingTag(from);
    if (next === 63) return this.#passed(from, '?>');
    if (next === 33) return this.#declaration(from);
    return Number.isNaN(next) ? incomplete : this.#openingTag(from);
  }

  #closingTag(from: number): number {
    const source = this.#source;
    const end = source.indexOf('>', from);
    if (end < 0) return incomplete;
    const name = this.#open.at(-1);
    if (name === undefined || !source.startsWith(name, from + 2)) throw new MalformedXml('tags do not match');
    const behind = from + 2 + name.length;
    if (behind !== end && source.slice(behind, end).trim() !== '') throw new MalformedXml('tags do not match');
    this.#close();
    return end + 1;
  }

  #close(): void {
    this.#open.pop();
    this.#handlers.close(this.#openLocal.pop() ?? '');
  }

  /** Comments and text that is taken as it stands; a document type is refused. */
  #declaration(from: number): number {
    const source = this.#source;
    if (source.startsWith('<!--', from)) return this.#passed(from + 2, '-->', from);
    if (source.startsWith('<![CDATA[', from)) {
      const end = source.indexOf(']]>', from);
      if (end < 0) return incomplete;
      if (this.#open.length === 0) throw new MalformedXml('text stands outside of all tags');
      if (this.#handlers.wantsText && end > from + 9) this.#handlers.text(withLineFeeds(source.slice(from + 9, end)));
      return end + 3;
    }
    if (source.length - from < 9) return incomplete;
    throw new MalformedXml('it has a document type, which no spreadsheet has');
  }

  #passed(from: number, end: string, begin: number = from): number {
    const at = this.#source.indexOf(end, from + 2);
    if (at < 0) return incomplete;
    const declared = /^<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)/.exec(
      this.#source.slice(begin, Math.min(at, begin + 200)),
    );
    if (declared !== null && !/^(?:utf-?8|us-ascii)$/i.test(declared[1] ?? '')) {
      throw new MalformedXml('it is not UTF-8');
    }
    return at + end.length;
  }

  #openingTag(from: number): number {
    const source = this.#source;
    const nameEnd = endOfName(source, from + 1);
    const places = this.#places;
    this.#attributes = 0;
    let at = nameEnd;
    for (;;) {
      const before = at;
      at = pastSpace(source, at);
      const code = source.charCodeAt(at);
      if (code === greaterThan) break;
      if (code === slash) {
        if (at + 1 >= source.length) return incomplete;
        if (source.charCodeAt(at + 1) !== greaterThan) throw new MalformedXml('a tag is broken');
        break;
      }
      if (at >= source.length) return incomplete;
      if (at === before || this.#attributes >= mostAttributes) throw new MalformedXml('a tag is broken');
      const keyEnd = endOfName(source, at);
      // Hardly any writer puts spaces around the sign.
      const sign = source.charCodeAt(keyEnd) === equals ? keyEnd : pastSpace(source, keyEnd);
      const begin = source.charCodeAt(sign + 1) === quote ? sign + 1 : pastSpace(source, sign + 1);
      if (begin >= source.length) return incomplete;
      const mark = source.charCodeAt(begin);
      if (keyEnd === at || source.charCodeAt(sign) !== equals || (mark !== quote && mark !== apostrophe)) {
        throw new MalformedXml('an attribute is broken');
      }
      const end = source.indexOf(mark === quote ? '"' : "'", begin + 1);
      if (end < 0) return incomplete;
      const place = this.#attributes * 4;
      places[place] = at;
      places[place + 1] = keyEnd;
      places[place + 2] = begin + 1;
      places[place + 3] = end;
      this.#attributes += 1;
      at = end + 1;
    }
    if (nameEnd === from + 1) throw new MalformedXml('a tag is broken');
    if (this.#attributes > 0) this.#refuseMarkupInside(from, at);
    return this.#opened(source.slice(from + 1, nameEnd), at);
  }

  /** A value without its closing quote would swallow the tags behind it. */
  #refuseMarkupInside(from: number, end: number): void {
    const inner = this.#source.indexOf('<', from + 1);
    if (inner >= 0 && inner < end) throw new MalformedXml('a tag is broken');
  }

  #opened(name: string, end: number): number {
    if (this.#open.length === 0) {
      if (this.#hasRoot) throw new MalformedXml('it goes on behind its end');
      this.#hasRoot = true;
    }
    if (this.#open.length >= mostDepth) throw new MalformedXml('its tags are too deep');
    if (this.#attributes > 1) this.#refuseRepeated();
    const colon = name.indexOf(':');
    const local = colon < 0 ? name : name.slice(colon + 1);
    this.#open.push(name);
    this.#openLocal.push(local);
    this.#handlers.open(local, this.#attribute);
    if (this.#source.charCodeAt(end) === greaterThan) return end + 1;
    this.#close();
    return end + 2;
  }

  #refuseRepeated(): void {
    const source = this.#source;
    for (let one = 0; one < this.#attributes * 4; one += 4) {
      const [begin = 0, end = 0] = [this.#places[one], this.#places[one + 1]];
      for (let other = 0; other < one; other += 4) {
        const start = this.#places[other] ?? 0;
        if (source.charCodeAt(start) !== source.charCodeAt(begin)) continue;
        if (source.slice(start, this.#places[other + 1]) === source.slice(begin, end)) {
          throw new MalformedXml('an attribute stands twice');
        }
      }
    }
  }

  /** A name without a prefix is preferred to the same with one. */
  #valueOf(name: string): string | undefined {
    const source = this.#source;
    let prefixed = -1;
    for (let one = 0; one < this.#attributes * 4; one += 4) {
      const [begin = 0, end = 0] = [this.#places[one], this.#places[one + 1]];
      if (end - begin === name.length) {
        if (source.startsWith(name, begin)) return this.#value(one);
      } else if (prefixed < 0 && end - begin > name.length && source.charCodeAt(end - name.length - 1) === 58) {
        if (source.startsWith(name, end - name.length)) prefixed = one;
      }
    }
    return prefixed < 0 ? undefined : this.#value(prefixed);
  }

  #value(one: number): string {
    return decodedAttribute(this.#source.slice(this.#places[one + 2], this.#places[one + 3]));
  }
}

function pastSpace(source: string, from: number): number {
  let at = from;
  for (;;) {
    const code = source.charCodeAt(at);
    if (code !== space && code !== lineFeed && code !== tab && code !== carriageReturn) return at;
    at += 1;
  }
}

/** Behind the letters of a name: up to white space, a sign of markup, or the end of what has come. */
function endOfName(source: string, from: number): number {
  for (let at = from; at < source.length; at += 1) {
    const code = source.charCodeAt(at);
    if (code > greaterThan) continue;
    if (code <= space || code === greaterThan || code === slash || code === equals) return at;
    if (code === quote || code === apostrophe || code === lessThan) throw new MalformedXml('a name is broken');
  }
  return source.length;
}
