import { emptyCell, type TableCell, textCell } from '../../../foundation/tables/index.js';
import type { FieldContext } from '../../fields/index.js';
import type { Lead } from '../../leads/index.js';
import { moneyCell } from './field-cell.js';
import { instantCell, localText } from './instant-cell.js';

type LeadCell = (lead: Lead, context: FieldContext) => TableCell;

interface LeadColumn {
  /** As a heading says it, behind `LMS`. */
  readonly label: string;
  /** Whether it shows who somebody is. */
  readonly isPersonal?: true;
  readonly cell: LeadCell;
}

const text =
  (read: (lead: Lead) => string | null): LeadCell =>
  (lead) =>
    textCell(read(lead));
const whole =
  (read: (lead: Lead) => number | null): LeadCell =>
  (lead) => {
    const value = read(lead);
    return value === null ? emptyCell : { kind: 'number', text: String(value), style: 'whole' };
  };
const time =
  (read: (lead: Lead) => string | null): LeadCell =>
  (lead, { timeZone }) => {
    const instant = read(lead);
    if (instant === null) return emptyCell;
    return instantCell(instant, { printed: localText(instant, timeZone), timeZone, exact: false });
  };

/** What every lead has, whatever its product line; by the name under which a column is asked for. */
export const leadColumns: Readonly<Record<string, LeadColumn>> = {
  number: { label: 'number', cell: text((lead) => lead.number) },
  id: { label: 'id', cell: text((lead) => lead.id) },
  version: { label: 'version', cell: whole((lead) => lead.version) },
  productLine: { label: 'product line', cell: text((lead) => lead.productLine) },
  stage: { label: 'stage', cell: text((lead) => lead.stage) },
  stageEnteredAt: { label: 'in stage since', cell: time((lead) => lead.stageEnteredAt) },
  status: { label: 'status', cell: text((lead) => lead.status) },
  owner: { label: 'owner', cell: text((lead) => lead.ownerId) },
  partner: { label: 'partner', cell: text((lead) => lead.partner) },
  source: { label: 'source', cell: text((lead) => lead.source) },
  channel: { label: 'channel', cell: text((lead) => lead.channel) },
  campaign: { label: 'campaign', cell: text((lead) => lead.campaign) },
  score: { label: 'score', cell: whole((lead) => lead.score) },
  createdAt: { label: 'created', cell: time((lead) => lead.createdAt) },
  createdBy: { label: 'created by', cell: text((lead) => lead.createdBy) },
  updatedAt: { label: 'updated', cell: time((lead) => lead.updatedAt) },
  updatedBy: { label: 'updated by', cell: text((lead) => lead.updatedBy) },
  firstResponseAt: { label: 'first response', cell: time((lead) => lead.firstResponseAt) },
  wonAt: { label: 'won', cell: time((lead) => lead.wonAt) },
  lostAt: { label: 'lost', cell: time((lead) => lead.lostAt) },
  name: { label: 'name', isPersonal: true, cell: text((lead) => lead.name) },
  phone: { label: 'phone', isPersonal: true, cell: text((lead) => lead.phone) },
  email: { label: 'email', isPersonal: true, cell: text((lead) => lead.email) },
  region: { label: 'region', cell: text((lead) => lead.region) },
  amount: {
    label: 'amount',
    cell: ({ amountPaise }, { currency }) => (amountPaise === null ? emptyCell : moneyCell(amountPaise, currency)),
  },
};

/** Before the fields of a line, where nobody says which columns. */
export const usualLeadColumns: readonly string[] = ['number', 'stage', 'status', 'owner', 'createdAt'];

/** Where no product line is named, so that there are no fields. */
export const usualColumnsOfAllLines: readonly string[] = [
  'number',
  'productLine',
  'stage',
  'status',
  'owner',
  'createdAt',
  'name',
  'phone',
  'email',
  'amount',
];

const labelPrefix = 'LMS ';
const keyPrefix = 'lms.';

/** The heading of a lead's own column; both forms fold to the same, and an import leaves such columns out. */
export function leadHeading(name: string, column: Pick<LeadColumn, 'label'>, form: 'label' | 'key'): string {
  return form === 'label' ? labelPrefix + column.label : keyPrefix + name;
}

/** Every heading that {@link leadHeading} can give. */
export const leadHeadings: readonly string[] = Object.entries(leadColumns).flatMap(([name, column]) => [
  leadHeading(name, column, 'label'),
  leadHeading(name, column, 'key'),
]);
