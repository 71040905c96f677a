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
const paperWidth = 110;

/** The funnel as a picture: a bar for how many leads ever reached each stage, with where they stand now. */
export function funnelView(stages: readonly FunnelStageView[], { width, style, format }: FunnelStyle): string {
  const most = Math.max(1, ...stages.map((stage) => stage.entered));
  const nameWidth = Math.min(24, Math.max(5, ...stages.map((stage) => textWidth(printable(stage.name)))));
  const numbers = stages.map((stage) => [
    String(stage.entered),
    percent(stage.conversionFromPrevious),
    percent(stage.conversionFromFirst),
    String(stage.current),
    format.shortAmount(stage.currentAmountPaise),
  ]);
  const headings = ['Entered', 'of prev.', 'of all', 'Now', 'Value now'];
  const widths = headings.map((heading, index) =>
    Math.max(textWidth(heading), ...numbers.map((row) => textWidth(row[index] ?? ''))),
  );
  const taken = nameWidth + widths.reduce((sum, each) => sum + each + 2, 0) + 2;
  const room = (Number.isFinite(width) ? width : paperWidth) - taken;
  const bars = Math.max(barWidth.narrowest, Math.min(barWidth.widest, room));
  const line = (name: string, drawn: string, cells: readonly string[]): string =>
    [name, drawn, ...cells.map((cell, index) => pad(cell, widths[index] ?? 0, 'right'))].join('  ');
  return [
    style.bold(line(pad('Stage', nameWidth), pad('', bars), headings)),
    ...stages.map((stage, index) => {
      const drawn = style.hex(stage.colour, pad(bar(stage.entered / most, bars), bars));
      return line(pad(shorten(printable(stage.name), nameWidth), nameWidth), drawn, numbers[index] ?? []);
    }),
  ].join('\n');
}

function percent(value: string | null): string {
  return value === null ? '' : `${value} %`;
}
