import type { Cell } from '../rows/index.js';

/** A row that was refused, as far as it goes into the reject file. */
export interface RefusedCells {
  /** One for each heading. */
  readonly cells: readonly Cell[];
  readonly reasons: string;
  readonly rowNumber: number;
  /** Values that stand beyond the header. */
  readonly extra: readonly Cell[];
}

/** A table of refused rows being written, whose header is there already. */
export interface RejectTable {
  row(row: RefusedCells): Promise<void>;
  end(): Promise<void>;
}
