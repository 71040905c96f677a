import type { Exchange, ExchangeListQuery } from '@lms/core';
import { type ErrorCode, errorCodes, isId, LmsError } from '@lms/core/kernel';
import { parseDay } from '../input/day.js';
import { table } from '../output/index.js';
import { sizeText } from '../output/size.js';
import type { Session } from '../session.js';
import { exchangeView } from '../views/exchange-view.js';
import { nextPage } from './lead-list.js';

export interface ExchangeListOptions {
  readonly target?: string;
  readonly purpose?: string;
  readonly lead?: string;
  readonly state?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
  readonly cursor?: string;
}

export interface TryOptions {
  readonly path: string;
}

export async function listExchanges(session: Session, options: ExchangeListOptions): Promise<void> {
  const { me, output, format } = session;
  const { exchanges, next } = await me.exchanges.list(await queryOf(session, options));
  output.answer({ items: exchanges, nextCursor: next }, () =>
    exchanges.length === 0
      ? ''
      : table(
          exchanges,
          [
            { heading: 'Id', cell: (exchange) => exchange.id },
            { heading: 'Target', cell: (exchange) => exchange.target, minimum: 8, importance: 3 },
            { heading: 'Purpose', cell: (exchange) => exchange.purpose, minimum: 8 },
            { heading: 'Asked', cell: (exchange) => `${exchange.method} ${exchange.path}`, minimum: 10 },
            { heading: 'Outcome', cell: outcomeOf, minimum: 8, importance: 4 },
            { heading: 'Tries', cell: (exchange) => String(exchange.attempts ?? '?'), align: 'right' },
            { heading: 'Begun', cell: (exchange) => format.time(exchange.startedAt), importance: 2 },
          ],
          output,
        ),
  );
  if (exchanges.length === 0) output.say('No call to another system matches.');
  if (next !== null) output.say(`More: ${nextPage(session, next)}`);
}

export async function showExchange(
  session: Session,
  id: string,
  { content = false }: { readonly content?: boolean },
): Promise<void> {
  const { me, output, format } = session;
  const found = await me.exchanges.get(id);
  const masked = found.content === 'shown' ? ({ content: 'masked', request: null, response: null } as const) : {};
  const exchange = content ? found : { ...found, ...masked };
  output.answer(exchange, () => exchangeView(exchange, { format, style: output.style }));
}

export async function tryTarget({ me, output, signal }: Session, target: string, { path }: TryOptions): Promise<void> {
  const answer = await me.outbound.call({ target, purpose: 'try', method: 'GET', path, signal });
  const { exchangeId, status, attempts, durationMillis, body } = answer;
  output.answer({ exchangeId, status, attempts, durationMillis, bytes: body.length }, () =>
    [
      `${output.style.bold(target)} answered ${status} in ${durationMillis} ms, ${sizeText(body.length)}`,
      `Record  ${exchangeId}`,
    ].join('\n'),
  );
}

export async function showBudgets({ me, output }: Session): Promise<void> {
  const budgets = await me.outbound.budgets();
  output.answer({ items: budgets }, () =>
    budgets.length === 0
      ? ''
      : table(
          budgets,
          [
            { heading: 'Target', cell: (budget) => budget.target },
            { heading: 'Period', cell: (budget) => `${budget.per} ${budget.period}` },
            { heading: 'Spent', cell: (budget) => String(budget.spent), align: 'right' },
            { heading: 'Of', cell: (budget) => String(budget.limit), align: 'right' },
          ],
          output,
        ),
  );
  if (budgets.length === 0) output.say('No target of lms.config.json has a budget.');
}

function outcomeOf({ state, status, code }: Exchange): string {
  return state === 'answered' ? String(status) : (code ?? state);
}

async function queryOf({ me, timeZone }: Session, options: ExchangeListOptions): Promise<ExchangeListQuery> {
  const { target, purpose, lead, state, from, to, limit, cursor } = options;
  return {
    limit,
    ...(target === undefined ? {} : { target }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(lead === undefined ? {} : { subject: { kind: 'lead', id: isId(lead) ? lead : (await me.leads.get(lead)).id } }),
    ...(state === undefined ? {} : { end: endOf(state) }),
    ...(from === undefined ? {} : { from: parseDay(from, { flag: '--from', edge: 'from', timeZone }) }),
    ...(to === undefined ? {} : { to: parseDay(to, { flag: '--to', edge: 'to', timeZone }) }),
    ...(cursor === undefined ? {} : { after: cursor }),
  };
}

function endOf(state: string): NonNullable<ExchangeListQuery['end']> {
  if (state === 'open' || state === 'answered') return state;
  if (isErrorCode(state)) return state;
  const message = `--state is open, answered, or the code of an error such as OUTBOUND_TIMEOUT, not "${state}"`;
  throw new LmsError('USAGE_INVALID', { message, path: '--state' });
}

function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCodes, text);
}
