import type { FoundLead } from '@lms/core';
import { table } from '../output/index.js';
import type { Session } from '../session.js';

export interface LeadFindOptions {
  readonly limit: number;
}

export async function findLeads(session: Session, text: string, options: LeadFindOptions): Promise<void> {
  const { me, output, format } = session;
  const found = await me.leads.find(text, options);
  output.answer(found, () =>
    found.leads.length === 0
      ? ''
      : table(
          found.leads,
          [
            { heading: 'Number', cell: ({ lead }) => lead.number },
            { heading: 'Name', cell: ({ lead }) => lead.name ?? '', minimum: 8 },
            { heading: 'Phone', cell: ({ lead }) => lead.phone ?? '' },
            { heading: 'Product', cell: ({ lead }) => lead.productLine, minimum: 8 },
            { heading: 'Stage', cell: ({ lead }) => lead.stage, minimum: 8 },
            { heading: 'Owner', cell: ({ lead }) => lead.ownerId ?? '', minimum: 6 },
            { heading: 'Created', cell: ({ lead }) => format.time(lead.createdAt) },
            { heading: 'Found by', cell: foundByText, minimum: 6 },
          ],
          output,
        ),
  );
  const [first] = found.leads;
  if (first === undefined) output.say('No lead that you may see has that; personal values are found whole.');
  else if (found.hasMore) output.say(`There are more: --limit ${Math.min(200, options.limit * 5)}`);
  else output.say(`Next: lms leads show ${first.lead.number}`);
}

function foundByText({ foundBy }: FoundLead): string {
  return foundBy.endsWith(':last4') ? `${foundBy.slice(0, -':last4'.length)}, last four` : foundBy;
}
