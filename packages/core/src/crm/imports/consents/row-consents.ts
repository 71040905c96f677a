import {
  type BusinessTime,
  businessTime,
  type Instant,
  LmsError,
  type Problem,
  toInstant,
} from '../../../foundation/kernel/index.js';
import { type SaidAtCreation, saidConsent } from '../../../foundation/privacy/index.js';
import { type FieldContext, type FieldDefinition, fieldTypeOf } from '../../fields/index.js';
import { isNoValueWord } from '../no-value-words.js';
import { cellMessage } from '../row-input.js';
import type { Cell, SourceRow } from '../rows/index.js';
import type { PlannedConsents, SayingColumn } from './planned-consents.js';

/** What rows may say, and of which file. Plain data. */
export interface ConsentReading extends PlannedConsents {
  /** For the evidence. */
  readonly fileName: string;
  /** The IANA name of the business time zone. */
  readonly timeZone: string;
}

/** What a row says, by the places of {@link PlannedConsents}. Plain data. */
export interface SaidPlaces {
  readonly consents: readonly number[];
  readonly blocks: readonly number[];
}

/** What a row says. */
export interface RowConsents {
  /** null where it says nothing. */
  readonly said: SaidAtCreation | null;
  readonly places: SaidPlaces;
  /** `path` is that of what the cell speaks of: `consents.0`, `contactBlocks.1`. */
  readonly problems: readonly Problem[];
}

/** Said, not said, said then, or not to be understood. */
type Answer = 'yes' | 'no' | { readonly givenAt: Instant } | { readonly wrong: string };

const yesOrNo: FieldDefinition = { key: 'said', label: 'Said', type: 'boolean' };
const day: FieldDefinition = { key: 'said', label: 'Said', type: 'date' };
const moment: FieldDefinition = { key: 'said', label: 'Said', type: 'date-time' };
const longestDocument = 400;

/** Reads what the rows of a file say of consents and blocks. */
export class ConsentReader {
  readonly #reading: ConsentReading;
  readonly #time: BusinessTime;

  constructor(reading: ConsentReading) {
    this.#reading = reading;
    this.#time = businessTime(reading.timeZone);
  }

  /** @param now epoch milliseconds */
  read(row: SourceRow, context: FieldContext, now: number): RowConsents {
    const { consents, blocks, fileName } = this.#reading;
    const problems: Problem[] = [];
    const answerOf = (column: SayingColumn | null, path: string, takesDates: boolean): Answer => {
      const answer = column === null ? 'yes' : this.#answer(row.cells[column.index], context, takesDates);
      if (typeof answer === 'object' && 'wrong' in answer) {
        problems.push({ path, rule: 'consent-cell', message: answer.wrong });
      }
      return answer;
    };
    const said: { readonly place: number; readonly consent: SaidAtCreation['consents'][number] }[] = [];
    for (const [place, { terms, column, givenAt, expiresAt }] of consents.entries()) {
      const path = `consents.${place}`;
      const answer = answerOf(column, path, true);
      if (answer === 'no' || (typeof answer === 'object' && 'wrong' in answer)) continue;
      const when = { givenAt: answer === 'yes' ? (givenAt ?? undefined) : answer.givenAt };
      try {
        const consent = saidConsent(terms, { ...when, expiresAt: expiresAt ?? undefined }, toInstant(now));
        said.push({ place, consent: { ...consent, evidence: { document: documentOf(fileName, row) } } });
      } catch (error) {
        if (!LmsError.isInstance(error)) throw error;
        problems.push({ path, rule: 'consent-date', message: error.message });
      }
    }
    const blocked = blocks.flatMap(({ channel, source, column }, place) =>
      answerOf(column, `contactBlocks.${place}`, false) === 'yes' ? [{ place, block: { channel, source } }] : [],
    );
    return {
      said:
        said.length + blocked.length === 0
          ? null
          : { consents: said.map(({ consent }) => consent), blocks: blocked.map(({ block }) => block) },
      places: { consents: said.map(({ place }) => place), blocks: blocked.map(({ place }) => place) },
      problems,
    };
  }

  /** @param takesDates whether a day or a time says yes since then */
  #answer(cell: Cell | undefined, context: FieldContext, takesDates: boolean): Answer {
    if (cell === undefined || cell.kind === 'empty') return 'no';
    if (cell.kind === 'error') return { wrong: cellMessage(cell.value, cell.text) };
    if (cell.kind === 'text' && isNoValueWord(cell.text)) return 'no';
    const word = valueOf(cell.text, yesOrNo, context);
    if (typeof word === 'boolean') return word ? 'yes' : 'no';
    if (!takesDates) return { wrong: 'expected yes or no' };
    const date = valueOf(cell.text, day, context);
    if (typeof date === 'string') return { givenAt: toInstant(this.#time.startOfDay(date)) };
    const time = valueOf(cell.text, moment, context);
    if (typeof time === 'string') return { givenAt: time };
    return { wrong: 'expected yes, no, or the day on which the person said yes' };
  }
}

function valueOf(text: string, field: FieldDefinition, context: FieldContext): unknown {
  const reading = fieldTypeOf(field).parse(text, field, context);
  return reading.ok && 'value' in reading ? reading.value : undefined;
}

function documentOf(fileName: string, { rowNumber }: SourceRow): string {
  return `${fileName.slice(0, longestDocument)}, row ${rowNumber}`;
}
