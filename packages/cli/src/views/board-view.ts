import type { Format } from '../output/format.js';
import { pad, printable, type Style, shorten } from '../output/index.js';

/** A card as the board shows it. */
export interface BoardCardView {
  readonly number: string;
  readonly name: string | null;
  readonly amountPaise: number | null;
  readonly tasksDone: number;
  readonly tasksTotal: number;
  readonly ownerId: string | null;
  /** Whole days in the stage. */
  readonly ageDays: number;
}

export interface BoardColumnView {
  readonly name: string;
  readonly colour: string;
  readonly count: number;
  readonly amountPaise: number;
  readonly cards: readonly BoardCardView[];
}

export interface BoardStyle {
  readonly width: number;
  readonly style: Style;
  readonly format: Format;
}

const narrowest = 22;
const widest = 30;
const gap = '  ';
/** Beyond that a row of cards is no longer read as one. */
const widestBoard = 240;

/** Stages side by side, as many as fit the terminal, the rest below: count, value, and the cards that waited longest. */
export function boardView(columns: readonly BoardColumnView[], options: BoardStyle): string {
  const available = Math.min(options.width, widestBoard);
  const across = Math.max(1, Math.min(columns.length, Math.floor((available + gap.length) / (narrowest + gap.length))));
  const columnWidth = Math.min(widest, Math.floor((available - gap.length * (across - 1)) / across));
  const blocks: string[] = [];
  for (let start = 0; start < columns.length; start += across) {
    blocks.push(sideBySide(columns.slice(start, start + across), columnWidth, options));
  }
  return blocks.join('\n\n');
}

function sideBySide(columns: readonly BoardColumnView[], width: number, options: BoardStyle): string {
  const painted = columns.map((column) => columnLines(column, width, options));
  const height = Math.max(...painted.map((lines) => lines.length));
  return Array.from({ length: height }, (_, index) =>
    painted
      .map((lines) => lines[index] ?? pad('', width))
      .join(gap)
      .trimEnd(),
  ).join('\n');
}

function columnLines(column: BoardColumnView, width: number, { style, format }: BoardStyle): readonly string[] {
  const cell = (text: string): string => pad(shorten(printable(text), width), width);
  const value = column.amountPaise === 0 ? '' : ` · ${format.shortAmount(column.amountPaise)}`;
  const hidden = column.count - column.cards.length;
  return [
    style.bold(cell(column.name)),
    cell(`${column.count} ${column.count === 1 ? 'lead' : 'leads'}${value}`),
    style.hex(column.colour, '━'.repeat(width)),
    ...column.cards.flatMap((card) => [
      cell(card.name ?? '(no name)'),
      style.dim(cell(card.number)),
      style.dim(cell(cardFacts(card, format))),
      cell(''),
    ]),
    ...(hidden > 0 ? [style.dim(cell(`+ ${hidden} more`))] : []),
  ];
}

function cardFacts(card: BoardCardView, format: Format): string {
  const tasks = card.tasksTotal === 0 ? '' : `${card.tasksDone}/${card.tasksTotal}`;
  return [
    format.shortAmount(card.amountPaise),
    card.ageDays === 0 ? 'today' : `${card.ageDays}d`,
    tasks,
    card.ownerId ?? 'unowned',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
