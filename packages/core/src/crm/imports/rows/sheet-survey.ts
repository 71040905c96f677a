import type { SheetFacts } from './checked-file.js';
import { mergedAreasIn, nothingMerged } from './merged-cells.js';
import { beyondLimit } from './unreadable.js';

const endOfCells = Buffer.from('sheetData>');
const hidden = Buffer.from('hidden="');
/** So much of a tag may stand in the piece before. */
const carriedBytes = 512;
const mostTailBytes = 32 * 1024 * 1024;

/**
 * Looks over the XML of a sheet, piece by piece as it is unpacked for the check, for what people should know before its rows are
 * taken: which rows are hidden, and which cells are merged, which is said behind the rows that it concerns. It looks for words only;
 * whether the XML is well-formed shows when the rows are read.
 */
export class SheetSurvey {
  /** The end of what came before, then the new piece; one buffer for all pieces. */
  #view: Buffer = Buffer.alloc(0);
  #carried = 0;
  #tail: Buffer[] | null = null;
  #tailBytes = 0;
  #hiddenRows = 0;

  push(piece: Uint8Array): void {
    if (this.#tail !== null) {
      this.#keepTail(Buffer.from(piece));
      return;
    }
    const length = this.#carried + piece.length;
    if (this.#view.length < length) this.#view = Buffer.concat([this.#view.subarray(0, this.#carried)], length);
    this.#view.set(piece, this.#carried);
    const view = this.#view.subarray(0, length);
    this.#countHidden(view);
    const end = closingAt(view);
    if (end >= 0) {
      this.#tail = [];
      this.#keepTail(Buffer.from(view.subarray(end)));
    }
    this.#carried = Math.min(carriedBytes, length);
    view.copyWithin(0, length - this.#carried);
  }

  get facts(): SheetFacts {
    const tail = this.#tail === null ? null : Buffer.concat(this.#tail).toString('latin1');
    return { merged: tail === null ? nothingMerged : mergedAreasIn(tail), hiddenRows: this.#hiddenRows };
  }

  /** What lies wholly in the part that was carried over has been counted with the piece before. */
  #countHidden(view: Buffer): void {
    for (let at = view.indexOf(hidden); at >= 0; at = view.indexOf(hidden, at + 1)) {
      const value = view.toString('latin1', at + hidden.length, at + hidden.length + 5);
      const yes = /^(?:1|true)"/.exec(value)?.[0];
      if (yes === undefined || at + hidden.length + yes.length <= this.#carried) continue;
      const before = view.toString('latin1', Math.max(0, at - carriedBytes), at);
      const behind = view.toString('latin1', at, at + carriedBytes);
      if (/<(?:[\w.-]+:)?row\s[^<>]*$/.test(before) && !/^[^>]*\/>/.test(behind)) this.#hiddenRows += 1;
    }
  }

  #keepTail(bytes: Buffer): void {
    this.#tailBytes += bytes.length;
    if (this.#tailBytes > mostTailBytes) {
      throw beyondLimit('The spreadsheet has too many merged cells and the like.', 'tailBytes', mostTailBytes);
    }
    this.#tail?.push(bytes);
  }
}

/** Where `</sheetData>` or `</x:sheetData>` ends; -1 without one. */
function closingAt(bytes: Buffer): number {
  for (let at = bytes.indexOf(endOfCells); at >= 0; at = bytes.indexOf(endOfCells, at + 1)) {
    const before = bytes.toString('latin1', Math.max(0, at - 32), at);
    if (/<\/(?:[\w.-]+:)?$/.test(before)) return at + endOfCells.length;
  }
  return -1;
}
