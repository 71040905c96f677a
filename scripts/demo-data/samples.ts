import { Dice } from './dice.ts';
import { makeRows, type SampleSize, type VerdictRow } from './make-rows.ts';

export interface Sample {
  readonly size: SampleSize;
  /** Rows above the header. */
  readonly titles: readonly string[];
  readonly rows: readonly VerdictRow[];
}

const workbookSize: SampleSize = { rows: 1000, rejected: 50, duplicates: 60, firstPerson: 0 };
const csvSize: SampleSize = { rows: 50, rejected: 4, duplicates: 3, firstPerson: 5000 };

/** examples/data/leads.xlsx */
export function workbookSample(): Sample {
  return {
    size: workbookSize,
    titles: [
      'SAMPLE FINSERV - PERSONAL LOAN LEADS (all people are made up)',
      'Downloaded 21-11-2026 10:42, all branches',
    ],
    rows: makeRows(workbookSize, new Dice(20_261_121)),
  };
}

/** examples/data/leads.csv */
export function csvSample(): Sample {
  return { size: csvSize, titles: [], rows: makeRows(csvSize, new Dice(7)) };
}
