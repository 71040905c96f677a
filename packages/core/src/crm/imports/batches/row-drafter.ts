import { setImmediate } from 'node:timers/promises';
import type { Problem } from '../../../foundation/kernel/index.js';
import type {
  LeadAuthor,
  LeadClaim,
  LeadDraft,
  LeadDrafter,
  LeadPlace,
  LineDefinition,
  NewLead,
} from '../../leads/index.js';
import { ConsentReader, type ConsentReading, type RowConsents } from '../consents/row-consents.js';
import type { ColumnMatch } from '../match-columns.js';
import { RowSet } from '../receipts/row-set.js';
import { type RowInput, rowInput } from '../row-input.js';
import type { SourceRow } from '../rows/index.js';
import { countedCells, type EmptiedCells } from './emptied-cells.js';
import type { RefusedRow, RowRange, SayingRow } from './row-batch.js';

/** What all rows of a run share. Plain data. */
export interface RowSettings {
  readonly columns: readonly ColumnMatch[];
  /** Columns of the header. */
  readonly width: number;
  readonly origin: Omit<NewLead, 'fields'>;
  readonly author: LeadAuthor;
  /** What rows may say of consents; null for nothing. */
  readonly consents: ConsentReading | null;
  /** Rows that an earlier run took, as {@link RowSet} has them. */
  readonly taken: Uint8Array;
}

/** Some rows of a batch, as far as they can be settled without the store. */
export interface DraftedPart<Draft extends LeadClaim> {
  readonly drafts: readonly Draft[];
  readonly refused: readonly RefusedRow[];
  readonly emptied: EmptiedCells;
  readonly saying: readonly SayingRow[];
}

/** Turns rows into drafts, or says why they are refused. */
export interface Drafter<Draft extends LeadClaim> {
  line: LineDefinition;
  draft(rows: readonly SourceRow[], now: number): AsyncIterable<DraftedPart<Draft>>;
  /** Passes over rows from now on. */
  skip(taken: readonly RowRange[]): void;
}

export const rowsAPart = 100;

/** Turns rows into drafts of leads, or says why they are refused. */
export class RowDrafter<Draft extends LeadClaim = LeadDraft> implements Drafter<Draft> {
  readonly #settings: RowSettings;
  readonly #drafter: LeadDrafter;
  readonly #finish: (prepared: Parameters<LeadDrafter['seal']>[0]) => Draft;
  readonly #taken: RowSet;
  readonly #consents: ConsentReader | null;
  line: LineDefinition;

  /** @param finish seals a lead, or, where nothing is to be stored, leaves it open */
  constructor(
    settings: RowSettings,
    line: LineDefinition,
    drafter: LeadDrafter,
    finish: (prepared: Parameters<LeadDrafter['seal']>[0]) => Draft,
  ) {
    this.#settings = settings;
    this.line = line;
    this.#drafter = drafter;
    this.#finish = finish;
    this.#taken = new RowSet(settings.taken);
    this.#consents = settings.consents === null ? null : new ConsentReader(settings.consents);
  }

  skip(taken: readonly RowRange[]): void {
    this.#taken.add(taken);
  }

  /** Drafts rows part by part, and gives others their turn in between: a row takes some 200 microseconds. */
  async *draft(rows: readonly SourceRow[], now: number): AsyncGenerator<DraftedPart<Draft>> {
    for (let start = 0; start < rows.length; start += rowsAPart) {
      if (start > 0) await setImmediate();
      yield this.#draftPart(rows.slice(start, start + rowsAPart), start, now);
    }
  }

  #draftPart(rows: readonly SourceRow[], start: number, now: number): DraftedPart<Draft> {
    const drafts: Draft[] = [];
    const refused: RefusedRow[] = [];
    const emptied: string[] = [];
    const saying: SayingRow[] = [];
    for (const [at, row] of rows.entries()) {
      const index = start + at;
      const consents = this.#readConsents(row, now);
      if (consents.said !== null) saying.push({ index, ...consents.places });
      if (this.#taken.has(row.rowNumber)) continue;
      const input = this.#read(row);
      emptied.push(...input.emptied);
      const outcome = this.#settle(withProblems(input, consents), { index, said: consents.said, now });
      if ('problems' in outcome) refused.push({ index, row, ...outcome });
      else drafts.push(outcome);
    }
    return { drafts, refused, emptied: countedCells(emptied), saying };
  }

  /** Of rows that were taken before, too: what they said counts where it was this very run that took them. */
  #readConsents(row: SourceRow, now: number): RowConsents {
    if (this.#consents === null) return saysNothing;
    return this.#consents.read(row, this.#drafter.context(now, this.#settings.origin.dateOrder), now);
  }

  #read(row: SourceRow): RowInput {
    const { columns, width } = this.#settings;
    return rowInput(row, { columns, width, schema: this.line.schema });
  }

  #settle(
    input: RowInput,
    { index, said, now }: Pick<LeadPlace, 'index' | 'said' | 'now'>,
  ): Draft | Omit<RefusedRow, 'index' | 'row'> {
    const { origin, author } = this.#settings;
    const prepared = this.#drafter.prepare(
      { ...origin, fields: input.fields },
      { index, line: this.line, author, now, said },
    );
    if (!('problems' in prepared)) {
      return input.problems.length === 0 ? this.#finish(prepared) : refusedFor(input.problems, []);
    }
    const found = refusedFor(input.problems, problemsOfFields(input, prepared.problems));
    const keys = found.missing.length === 0 ? [] : this.#drafter.keysOf(prepared, this.line);
    return { ...found, keys };
  }
}

const saysNothing: RowConsents = { said: null, places: { consents: [], blocks: [] }, problems: [] };

function withProblems(input: RowInput, { problems }: RowConsents): RowInput {
  return problems.length === 0 ? input : { ...input, problems: [...input.problems, ...problems] };
}

function refusedFor(ofCells: readonly Problem[], ofFields: readonly Problem[]): Omit<RefusedRow, 'index' | 'row'> {
  return {
    problems: [...ofCells, ...ofFields.filter((problem) => !isMissing(problem))],
    missing: ofFields.filter(isMissing),
    keys: [],
  };
}

function isMissing({ rule }: Problem): boolean {
  return rule === 'required';
}

/**
 * A field whose cell could not be read is empty for the fields' own check: what that says of it is not news. Where the cell says
 * by a word that it is empty, people would not see why the field is missing.
 */
function problemsOfFields({ problems, emptied }: RowInput, ofFields: readonly Problem[]): readonly Problem[] {
  const known = new Set(problems.map((problem) => problem.path));
  return ofFields
    .filter((problem) => !known.has(problem.path))
    .map((problem) =>
      isMissing(problem) && emptied.includes(problem.path)
        ? { ...problem, message: `${problem.message}, and the cell is empty: what it says stands for no value` }
        : problem,
    );
}
