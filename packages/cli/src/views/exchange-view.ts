import type { ExchangeWithContent, RecordedMessage } from '@lms/core';
import type { Format } from '../output/format.js';
import { printable, printableLines, type Style } from '../output/index.js';
import { sizeText } from '../output/size.js';

const contents: Readonly<Record<ExchangeWithContent['content'], string>> = {
  shown: 'below',
  masked: 'masked; --content shows it to those who may see it',
  erased: 'erased with the data of what it was about',
  'not-kept': 'not kept: the call is about nothing that has a data key',
};

/** The record of a call on paper. */
export function exchangeView(
  exchange: ExchangeWithContent,
  { format, style }: { readonly format: Format; readonly style: Style },
): string {
  const { subject, state, status, code, finishedAt, responseBytes } = exchange;
  return [
    style.bold(printable(`${exchange.method} ${exchange.host}${exchange.path}`)),
    `Target    ${exchange.target}`,
    `Purpose   ${printable(exchange.purpose)}`,
    `About     ${subject === null ? 'nothing kept here' : printable(`${subject.kind} ${subject.id}`)}`,
    `Begun     ${format.time(exchange.startedAt)} by ${printable(exchange.actor)}`,
    `Ended     ${finishedAt === null ? 'not yet, or nobody wrote it down' : format.time(finishedAt)}`,
    `Outcome   ${state}${status === null ? '' : `, status ${status}`}${code === null ? '' : `, ${code}`}`,
    `Tries     ${exchange.attempts ?? 'not known'}`,
    `Sent      ${sizeText(exchange.requestBytes)}`,
    `Answered  ${responseBytes === null ? 'nothing' : sizeText(responseBytes)}`,
    `Content   ${contents[exchange.content]}`,
    ...messageLines('Request', exchange.request, style),
    ...messageLines('Answer', exchange.response, style),
  ].join('\n');
}

function messageLines(title: string, message: RecordedMessage | null, style: Style): readonly string[] {
  if (message === null) return [];
  const { url, headers, body, cut } = message;
  const text = 'text' in body ? body.text : `base64 ${body.base64}`;
  return [
    '',
    style.bold(title),
    ...(url === null ? [] : [printable(url)]),
    ...Object.entries(headers).map(([name, value]) => printable(`${name}: ${value}`)),
    ...(text === '' ? [] : ['', ...printableLines(text)]),
    ...(cut ? ['... and more that was not kept'] : []),
  ];
}
