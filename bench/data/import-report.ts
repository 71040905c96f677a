import type { Apart } from '../kit/apart.ts';
import type { Target } from '../kit/report.ts';
import { printNumber, printRatio, type Table } from '../kit/table.ts';
import { type RowsTiming, rowsPerSecond } from '../kit/timing.ts';

/** What is asked of imports; the same for both storage shapes. */
const asked = {
  /** Of the floor's rows a second. */
  csvShare: 0.7,
  /** Of csv's rows a second. */
  xlsxShare: 0.8,
  /** Times the rows a second of the first time. */
  againRatio: 3,
  peakMegabytes: 256,
} as const;

/** One line of the table; null is what could not be measured. */
export interface Pass {
  readonly name: string;
  readonly rowsPerSecond: number;
  readonly cpuMillisPerRow: number | null;
  readonly peakMegabytes: number | null;
}

/** The floor's memory is left out: it holds rows that it has read before the clock starts. */
export function floorPass(name: string, run: Apart<RowsTiming>): Pass {
  return { ...passOf(name, run), peakMegabytes: null };
}

export function passOf(name: string, { found, peakMegabytes }: Apart<RowsTiming>): Pass {
  const { rows, cpuMillis } = found;
  return { name, rowsPerSecond: rowsPerSecond(found), cpuMillisPerRow: cpuMillis / rows, peakMegabytes };
}

export function tableOf(passes: readonly Pass[], floor: RowsTiming): Table {
  const unlessNull = (value: number | null, print: (value: number) => string): string =>
    value === null ? '' : print(value);
  return {
    headings: ['', 'rows/s', 'CPU ms a row', 'to the floor', 'peak MB'],
    rows: passes.map((pass) => [
      pass.name,
      printNumber(pass.rowsPerSecond),
      unlessNull(pass.cpuMillisPerRow, (value) => printNumber(value, 3)),
      printRatio(pass.rowsPerSecond / rowsPerSecond(floor)),
      unlessNull(pass.peakMegabytes, printNumber),
    ]),
  };
}

export interface ImportPasses {
  readonly csv: Apart<RowsTiming>;
  readonly csvAgain: Apart<RowsTiming>;
  readonly xlsx: Apart<RowsTiming>;
  readonly xlsxAgain: Apart<RowsTiming>;
  readonly floor: RowsTiming;
}

export function targetsOf({ csv, csvAgain, xlsx, xlsxAgain, floor }: ImportPasses): readonly Target[] {
  const share = (one: RowsTiming, of: RowsTiming): number => rowsPerSecond(one) / rowsPerSecond(of);
  const percent = (value: number): string => `${printNumber(value * 100)} %`;
  const { csvShare, xlsxShare, againRatio } = asked;
  const ofFloor = share(csv.found, floor);
  const ofCsv = share(xlsx.found, csv.found);
  const again = (name: string, ratio: number): Target => ({
    asked: `the unchanged ${name} again: at least ${printRatio(againRatio)} the rows/s of the first time`,
    measured: printRatio(ratio),
    met: ratio >= againRatio,
  });
  return [
    {
      asked: `csv: at least ${percent(csvShare)} of the floor's rows/s`,
      measured: percent(ofFloor),
      met: ofFloor >= csvShare,
    },
    {
      asked: `xlsx: at least ${percent(xlsxShare)} of csv's rows/s`,
      measured: percent(ofCsv),
      met: ofCsv >= xlsxShare,
    },
    again('csv', share(csvAgain.found, csv.found)),
    again('xlsx', share(xlsxAgain.found, xlsx.found)),
    ...Object.entries({ csv, 'csv again': csvAgain, xlsx, 'xlsx again': xlsxAgain }).map(([name, pass]) =>
      memoryTarget(name, pass.peakMegabytes),
    ),
  ];
}

export function memoryTarget(name: string, peakMegabytes: number): Target {
  return {
    asked: `${name}: peak memory under ${asked.peakMegabytes} MB`,
    measured: `${printNumber(peakMegabytes)} MB`,
    met: peakMegabytes < asked.peakMegabytes,
  };
}
