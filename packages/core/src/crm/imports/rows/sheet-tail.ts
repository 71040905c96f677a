import { type MergedAreas, mergedAreasIn, nothingMerged } from './merged-cells.js';
import { beyondLimit } from './unreadable.js';

const endOfCells = Buffer.from('sheetData>');
/** So much of a tag may stand in the piece before. */
const seamBytes = 64;
const mostTailBytes = 32 * 1024 * 1024;

/** Finds what is merged in a sheet, which its XML says behind the cells, from the unpacked pieces as they go by. */
export class SheetTail {
  #seam: Buffer = Buffer.alloc(0);
  #tail: Buffer[] | null = null;
  #bytes = 0;

  push(piece: Uint8Array): void {
    const bytes = Buffer.concat([this.#seam, piece]);
    this.#seam = bytes.subarray(bytes.length, bytes.length);
    if (this.#tail !== null) {
      this.#keep(bytes);
      return;
    }
    const end = closingAt(bytes);
    if (end < 0) {
      this.#seam = bytes.subarray(-seamBytes);
    } else {
      this.#tail = [];
      this.#keep(bytes.subarray(end));
    }
  }

  get areas(): MergedAreas {
    return this.#tail === null ? nothingMerged : mergedAreasIn(Buffer.concat(this.#tail).toString('latin1'));
  }

  #keep(bytes: Buffer): void {
    this.#bytes += bytes.length;
    if (this.#bytes > mostTailBytes) {
      throw beyondLimit('The spreadsheet has too many merged cells and the like.', 'tailBytes', mostTailBytes);
    }
    this.#tail?.push(bytes);
  }
}

/** Where `</sheetData>` or `</x:sheetData>` ends; -1 without one. */
function closingAt(bytes: Buffer): number {
  for (let at = bytes.indexOf(endOfCells); at >= 0; at = bytes.indexOf(endOfCells, at + 1)) {
    const before = bytes.toString('latin1', Math.max(0, at - seamBytes / 2), at);
    if (/<\/(?:[\w.-]+:)?$/.test(before)) return at + endOfCells.length;
  }
  return -1;
}
