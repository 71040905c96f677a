import type { Format } from '../output/format.js';
import { bar, pad, printable, type Style, shorten, textWidth } from '../output/index.js';

export interface FunnelStageView {
  readonly name: string;
  readonly colour: string;
  readonly entered: number;
  readonly current: number;
  readonly currentAmountPaise: number;
  /** Of those who entered the stage before, in percent; null where there is none. */
  readonly conversionFromPrevious: string | null;
  /** Of those who entered the first stage. */
  readonly conversionFromFirst: string | null;
}

export interface FunnelStyle {
  readonly width: number;
  readonly style: Style;
  readonly format: Format;
}

const barWidth = { narrowest: 10, widest: 40 };
const gap = 2;

interface Column {
  readonly heading: string;
  readonly cell: (stage: FunnelStageView, format: Format) => string;
}

const entered: Column = { heading: 'Entered', cell: (stage) => String(stage.entered) };
const ofPrevious: Column = { heading: 'of prev.', cell: (stage) => percent(stage.conversionFromPrevious) };
const ofAll: Column = { heading: 'of all', cell: (stage) => percent(stage.conversionFromFirst) };
const now: Column = { heading: 'Now', cell: (stage) => String(stage.current) };
const value: Column = {
  heading: 'Value now',
  cell: (stage, format) => format.shortAmount(stage.currentAmountPaise),
};

/** What is shown, the first that fits. */
const choices: readonly (readonly Column[])[] = [
  [entered, ofPrevious, ofAll, now, value],
  [entered, ofAll, now, value],
  [entered, ofAll, now],
  [entered, now],
];

/** The funnel as a picture: a bar for how many leads ever reached each stage, with where they stand now. */
export function funnelView(stages: readonly FunnelStageView[], { width, style, format }: FunnelStyle): string {
  const most = Math.max(1, ...stages.map((stage) => stage.entered));
  const widthOf = ({ heading, cell }: Column): number =>
    Math.max(textWidth(heading), ...stages.map((stage) => textWidth(cell(stage, format))));
  const taken = (columns: readonly Column[]): number =>
    columns.reduce((sum, column) => sum + gap + widthOf(column), 0) + gap + barWidth.narrowest;
  const longestName = Math.max(5, ...stages.map((stage) => textWidth(printable(stage.name))));
  const nameWidth = Math.min(24, longestName, Math.max(5, width - taken(choices.at(-1) ?? [])));
  const roomBeside = (columns: readonly Column[]): number =>
    width - nameWidth - gap - columns.reduce((sum, column) => sum + gap + widthOf(column), 0);
  const columns = choices.find((each) => roomBeside(each) >= barWidth.narrowest) ?? choices.at(-1) ?? [];
  const bars = Math.max(barWidth.narrowest, Math.min(barWidth.widest, roomBeside(columns)));
  const line = (name: string, drawn: string, cells: readonly string[]): string =>
    [name, drawn, ...cells].join(' '.repeat(gap));
  return [
    style.bold(
      line(
        pad('Stage', nameWidth),
        pad('', bars),
        columns.map((column) => pad(column.heading, widthOf(column), 'right')),
      ),
    ),
    ...stages.map((stage) =>
      line(
        pad(shorten(printable(stage.name), nameWidth), nameWidth),
        style.hex(stage.colour, pad(bar(stage.entered / most, bars), bars)),
        columns.map((column) => pad(column.cell(stage, format), widthOf(column), 'right')),
      ),
    ),
  ].join('\n');
}

function percent(value: string | null): string {
  return value === null ? '' : `${value} %`;
}
