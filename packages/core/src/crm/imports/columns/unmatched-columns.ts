import { columnLetter } from '../../../foundation/kernel/index.js';
import { foldHeading, isOwnHeading } from '../heading.js';
import type { Candidate } from './column-candidate.js';
import type { ColumnMatch, UnmatchedColumn } from './column-plan.js';
import type { HeadingIndex } from './heading-index.js';
import { type ColumnSample, sampleOf } from './looks.js';
import { proposeByLooks } from './propose-by-looks.js';
import type { SaidColumn } from './said-columns.js';
import { shownHeading, shownSamples } from './shown-column.js';

/** The columns that are not read, each with what it may be. */
export function unmatchedColumns(
  headings: readonly string[],
  found: {
    readonly columns: readonly ColumnMatch[];
    readonly candidates: readonly Candidate[];
    readonly said: ReadonlyMap<number, SaidColumn>;
    readonly index: HeadingIndex;
    /** Of each column, in their order. */
    readonly samples: readonly ColumnSample[];
  },
): readonly UnmatchedColumn[] {
  const { index, samples } = found;
  const read = new Set(found.columns.map((column) => column.index));
  const held = new Set(found.columns.map((column) => column.field));
  return [...headings.entries()].flatMap(([at, text]): UnmatchedColumn[] => {
    const sample = samples[at] ?? sampleOf([]);
    const headless = foldHeading(text) === '';
    if (read.has(at) || isOwnHeading(text) || (headless && sample.cells.length === 0)) return [];
    const column = {
      index: at,
      letter: columnLetter(at),
      heading: shownHeading(text, at),
      samples: shownSamples(sample.cells, true),
    };
    if (found.said.get(at) === '-') return [{ ...column, ...noSuggestion, reason: 'left out' }];
    const candidate = found.candidates.find((one) => one.index === at);
    if (candidate !== undefined && held.has(candidate.field)) {
      return [{ ...column, ...noSuggestion, reason: 'other column fits better' }];
    }
    if (candidate !== undefined) {
      const { field: suggestion, confidence, notes } = candidate;
      return [{ ...column, reason: 'not sure', suggestion, confidence, notes }];
    }
    const proposal = proposeByLooks(sample, index, { headless, held });
    if (proposal !== null) {
      const { field: suggestion, confidence, note } = proposal;
      return [{ ...column, reason: 'not sure', suggestion, confidence, notes: [note] }];
    }
    const near = headless ? null : index.suggestion(text);
    const suggestion = near === null || held.has(near) ? null : near;
    return [{ ...column, reason: 'unknown', suggestion, confidence: suggestion === null ? 0 : 0.4, notes: [] }];
  });
}

const noSuggestion = { suggestion: null, confidence: 0, notes: [] } as const;
