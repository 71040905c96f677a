import { commandLine, withFlag } from '../output/command-line.js';
import { table } from '../output/index.js';
import type { Session } from '../session.js';
import { checkedFilterOf, type LeadListOptions, leadSortOf } from './lead-filter.js';

export async function listLeads(session: Session, options: LeadListOptions): Promise<void> {
  const { me, output, format } = session;
  const query = {
    ...(await checkedFilterOf(options, session)),
    ...(options.sort === undefined ? {} : { sort: leadSortOf(options.sort) }),
  };
  const page = await me.leads
    .list(query)
    .page({ limit: options.limit, ...(options.cursor === undefined ? {} : { cursor: options.cursor }) });
  output.answer(page, () =>
    page.items.length === 0
      ? ''
      : table(
          page.items,
          [
            { heading: 'Number', cell: (lead) => lead.number },
            { heading: 'Name', cell: (lead) => lead.name ?? '', minimum: 14, importance: 6 },
            ...(query.productLine === undefined
              ? [
                  {
                    heading: 'Product',
                    cell: (lead: { productLine: string }) => lead.productLine,
                    minimum: 8,
                    importance: 2,
                  },
                ]
              : []),
            { heading: 'Stage', cell: (lead) => lead.stage, minimum: 8, importance: 5 },
            { heading: 'Status', cell: (lead) => lead.status, importance: 2 },
            { heading: 'Amount', cell: (lead) => format.amount(lead.amountPaise), align: 'right', importance: 4 },
            { heading: 'Region', cell: (lead) => lead.region ?? '', minimum: 6, importance: 1 },
            { heading: 'Owner', cell: (lead) => lead.ownerId ?? '', minimum: 6, importance: 4 },
            { heading: 'Source', cell: (lead) => lead.source, minimum: 6 },
            { heading: 'Created', cell: (lead) => format.time(lead.createdAt), importance: 3 },
          ],
          output,
        ),
  );
  if (page.items.length === 0) output.say('No lead matches.');
  if (page.nextCursor !== null) output.say(`More: ${nextPage(session, page.nextCursor)}`);
}

/** The command that gives the next page: what was typed, with the cursor. */
export function nextPage({ commandLine: words }: Session, cursor: string): string {
  return commandLine(['lms', ...withFlag(words, '--cursor', cursor)]);
}
