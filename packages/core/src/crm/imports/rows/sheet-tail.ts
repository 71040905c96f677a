import { type MergedAreas, mergedAreasIn, nothingMerged } from './merged-cells.js';
import { beyondLimit } from './unreadable.js';

const endOfCells = Buffer.from('sheetData>');
/** So much of the tag may stand in the piece before. */
const seamBytes = 64;
const mostTailBytes = 32 * 1024 * 1024;

/** Finds what is merged in a sheet, which its XML says behind the cells, from the unpacked pieces as they go by. */
export class SheetTail {
  #seam: Buffer = Buffer.alloc(0);
  #tail: Buffer[] | null = null;
  #bytes = 0;

  push(piece: Uint8Array): void {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    if (this.#tail !== null) {
      this.#keep(bytes);
      return;
    }
    const seam = Buffer.concat([this.#seam, bytes.subarray(0, seamBytes)]);
    const inSeam = closingAt(seam);
    const end = inSeam >= 0 ? inSeam - this.#seam.length : closingAt(bytes);
    this.#seam = Buffer.concat([this.#seam, bytes.subarray(-seamBytes)]).subarray(-seamBytes);
    if (inSeam < 0 && end < 0) return;
    this.#tail = [];
    this.#keep(bytes.subarray(Math.max(0, end)));
  }

  get areas(): MergedAreas {
    return this.#tail === null ? nothingMerged : mergedAreasIn(Buffer.concat(this.#tail).toString('latin1'));
  }

  #keep(bytes: Buffer): void {
    this.#bytes += bytes.length;
    if (this.#bytes > mostTailBytes) {
      throw beyondLimit('The spreadsheet has too many merged cells and the like.', 'tailBytes', mostTailBytes);
    }
    this.#tail?.push(Buffer.from(bytes));
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
