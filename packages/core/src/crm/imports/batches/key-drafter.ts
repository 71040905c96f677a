import { setImmediate } from 'node:timers/promises';
import type { LeadClaim, LeadDrafter, LineDefinition } from '../../leads/index.js';
import { rowInput } from '../row-input.js';
import type { SourceRow } from '../rows/index.js';
import type { DraftedPart, Drafter, RowSettings } from './row-drafter.js';
import { rowsAPart } from './row-drafter.js';

/**
 * Reads the unique values of rows and nothing else, in a small part of the time that a lead takes. No row is refused, and none is passed
 * over.
 */
export class KeyDrafter implements Drafter<LeadClaim> {
  readonly #settings: RowSettings;
  readonly #drafter: LeadDrafter;
  line: LineDefinition;

  constructor(settings: RowSettings, line: LineDefinition, drafter: LeadDrafter) {
    const ofKeys = new Set(line.schema.unique.flatMap(({ fields }) => fields));
    this.#settings = { ...settings, columns: settings.columns.filter(({ field }) => ofKeys.has(field)) };
    this.line = line;
    this.#drafter = drafter;
  }

  skip(): void {
    // What was taken has its values, too.
  }

  async *draft(rows: readonly SourceRow[], now: number): AsyncGenerator<DraftedPart<LeadClaim>> {
    for (let start = 0; start < rows.length; start += rowsAPart) {
      if (start > 0) await setImmediate();
      const part = rows.slice(start, start + rowsAPart);
      yield { drafts: part.map((row, at) => this.#claim(row, start + at, now)), refused: [], emptied: {}, saying: [] };
    }
  }

  #claim(row: SourceRow, index: number, now: number): LeadClaim {
    const { columns, width, origin } = this.#settings;
    const { fields } = rowInput(row, { columns, width, schema: this.line.schema });
    return this.#drafter.claim({ ...origin, fields }, { index, line: this.line, now });
  }
}
