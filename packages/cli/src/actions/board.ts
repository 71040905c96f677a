import type { Session } from '../session.js';
import { boardView } from '../views/board-view.js';
import { leadFilterOf } from './lead-filter.js';

export interface BoardOptions {
  readonly product: string;
  readonly owner?: string;
  readonly region?: readonly string[];
  readonly source?: readonly string[];
  readonly cards: number;
}

export async function showBoard(session: Session, options: BoardOptions): Promise<void> {
  const { me, output, format } = session;
  const board = await me.leads.board({
    ...leadFilterOf(options, session),
    productLine: options.product,
    cardsPerColumn: options.cards,
  });
  output.answer(board, () => boardView(board.columns, { width: output.pageWidth, style: output.style, format }));
  const [column] = board.columns.filter(({ count, cards }) => count > cards.length);
  if (column !== undefined) {
    output.say(`A whole stage: lms leads list --product ${options.product} --stage ${column.stage}`);
  }
}
