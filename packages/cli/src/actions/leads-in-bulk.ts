import { type LeadFilter, type LeadSummary, type MoveReason, madeUntil } from '@lms/core';
import { type ErrorCode, errorCodes, LmsError, systemClock } from '@lms/core/kernel';
import { exitCodes } from '../exit-codes.js';
import type { Session } from '../session.js';
import { type BulkResult, BulkTally, bulkView } from '../views/bulk-view.js';
import { checkedFilterOf, type FilterOptions } from './lead-filter.js';

/** What every change of many leads takes. */
export interface BulkOptions extends FilterOptions {
  readonly yes?: true;
  readonly dryRun?: true;
}

/** What became of one lead, without the lead. */
export type BulkOutcome = { readonly ok: true } | { readonly ok: false; readonly error: LmsError };

/** A change of many leads. */
export interface BulkChange {
  readonly action: BulkResult['action'];
  readonly to: string;
  /** Behind "Move 12 leads": where to. */
  readonly whither: string;
  /** Refuses what every lead would be refused for, before any is looked at; a dry run like the real one. */
  refuseAtOnce(filter: LeadFilter): Promise<void>;
  /** Whether the lead is there already, so that a repeat changes nothing. */
  isThere(lead: LeadSummary): boolean;
  /** Changes a batch; one outcome a lead, in order. */
  change(leads: readonly LeadSummary[]): Promise<readonly BulkOutcome[]>;
  /** What {@link change} would say of one lead, without writing. */
  check(lead: LeadSummary): Promise<BulkOutcome>;
}

/** Few enough that Ctrl-C is answered within a second or two. */
const leadsABatch = 50;

/** What a bulk change needs of a session. */
export type BulkSession = Pick<Session, 'me' | 'output' | 'signal' | 'confirm' | 'timeZone' | 'currency'>;

/**
 * Changes all leads of a filter, oldest first, in batches: counts, asks, changes, and says what became of them by reason. A repeat
 * counts those that are there already. Leads made after it began are left out.
 */
export async function changeInBulk(session: BulkSession, options: BulkOptions, change: BulkChange): Promise<number> {
  const { me, output, signal } = session;
  const { yes, dryRun = false } = options;
  const filter = madeUntil(await filterOf(options, session), systemClock.now());
  await change.refuseAtOnce(filter);
  const { leads: matched, isWhole } = await me.leads.count(filter);
  const tally = new BulkTally({ action: change.action, to: change.to, dryRun, matched });
  const many = `${isWhole ? '' : 'more than '}${matched} ${matched === 1 ? 'lead' : 'leads'}`;
  const verb = change.action === 'move' ? 'Move' : 'Assign';
  if (matched > 0 && !dryRun) await session.confirm(`${verb} ${many} ${change.whither}?`, { yes: yes === true });

  const list = me.leads.list({ ...filter, sort: { by: 'createdAt', direction: 'asc' } });
  let cursor: string | null = null;
  try {
    do {
      if (signal.aborted) tally.stop();
      if (signal.aborted || matched === 0) break;
      const page: Awaited<ReturnType<typeof list.page>> = await list.page({
        limit: leadsABatch,
        ...(cursor === null ? {} : { cursor }),
      });
      await changeBatch(page.items, { change, tally, dryRun });
      output.progress.show(`${tally.seen} of ${matched} leads`);
      cursor = page.nextCursor;
    } while (cursor !== null);
  } catch (error) {
    output.progress.clear();
    if (tally.seen > 0) output.warn(bulkView(tally.result(), output.style));
    throw error;
  }
  const result = tally.result();
  output.answer(result, () => bulkView(result, output.style));
  if (result.stopped) {
    output.say('Stopped between two batches; the same command goes on from here.');
    return exitCodes.stopped;
  }
  return result.refused > 0 ? exitCodes.doneWithRejects : exitCodes.ok;
}

async function changeBatch(
  leads: readonly LeadSummary[],
  { change, tally, dryRun }: { readonly change: BulkChange; readonly tally: BulkTally; readonly dryRun: boolean },
): Promise<void> {
  const todo = leads.filter((lead) => !change.isThere(lead));
  tally.addAlready(leads.length - todo.length);
  const outcomes = dryRun ? await checkEach(todo, change) : await change.change(todo);
  let broken: LmsError | null = null;
  for (const [at, outcome] of outcomes.entries()) {
    const { number } = todo[at] ?? { number: '' };
    if (outcome.ok) tally.addChanged();
    else if (isOfTheLead(outcome.error)) tally.addRefused(number, reasonsOf(outcome.error), outcome.error.code);
    else broken ??= outcome.error;
  }
  if (broken !== null) throw broken;
}

async function checkEach(leads: readonly LeadSummary[], change: BulkChange): Promise<readonly BulkOutcome[]> {
  const outcomes: BulkOutcome[] = [];
  for (const lead of leads) outcomes.push(await change.check(lead));
  return outcomes;
}

/** What every lead would be refused for: where they should go, or who asks. */
const ofTheRequest: ReadonlySet<ErrorCode> = new Set([
  'INPUT_INVALID',
  'STAGE_NOT_FOUND',
  'USER_NOT_FOUND',
  'USER_INACTIVE',
  'PERMISSION_DENIED',
]);

/** What is wrong with the request or the store, or a stop, is no refusal of one lead. */
function isOfTheLead({ category, retryable, code }: LmsError): boolean {
  return !retryable && !ofTheRequest.has(code) && ['input', 'forbidden', 'not-found', 'conflict'].includes(category);
}

/** Why, in words that leads share: no number of a lead is in them. */
function reasonsOf(error: LmsError): readonly string[] {
  const { reasons } = error.details;
  const told = Array.isArray(reasons) ? reasons.filter(isReason).map(({ message }) => message) : [];
  return told.length > 0 ? told : [errorCodes[error.code].meaning.replace(/;.*|\.$/, '')];
}

function isReason(value: unknown): value is Pick<MoveReason, 'message'> {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
}

/** At least one condition: nobody moves every lead there is by forgetting a word. */
async function filterOf(options: BulkOptions, session: BulkSession): Promise<LeadFilter> {
  const filter = await checkedFilterOf(options, session);
  if (Object.keys(filter).length > 0) return filter;
  throw new LmsError('USAGE_INVALID', {
    message: 'Name a lead, or say which leads, such as --product personal-loan --stage new',
    path: 'lead',
  });
}

/** Moves every lead of a filter to a stage. */
export function bulkMove(
  { me }: Pick<BulkSession, 'me'>,
  { to, comment }: { readonly to: string; readonly comment?: string },
): BulkChange {
  const move = { to, ...(comment === undefined ? {} : { comment }) };
  return {
    action: 'move',
    to,
    whither: `to ${to}`,
    refuseAtOnce: ({ productLine = null }) => me.stages.refuseUnknown(productLine, [to]),
    isThere: (lead) => lead.stage === to,
    change: (leads) => me.leads.moveMany(leads.map(({ id }) => ({ lead: id, ...move }))),
    check: (lead) => outcomeOf(checkMove(me, lead, move)),
  };
}

async function checkMove(
  me: BulkSession['me'],
  { id, number }: LeadSummary,
  { to, comment }: { readonly to: string; readonly comment?: string },
): Promise<void> {
  const reasons = await me.leads.checkMove(id, to, comment);
  if (reasons.length === 0) return;
  throw new LmsError('MOVE_REFUSED', { message: `${number} may not move to ${to}`, details: { reasons } });
}

/** Gives every lead of a filter to a user, or with `none` takes it away from its owner. */
export function bulkAssign(
  { me }: Pick<BulkSession, 'me'>,
  { to, reason }: { readonly to: string; readonly reason?: string },
): BulkChange {
  const why = reason === undefined ? {} : { reason };
  const isNone = to === 'none';
  const owner = isNone ? null : to;
  return {
    action: 'assign',
    to,
    whither: isNone ? 'to nobody' : `to ${to}`,
    refuseAtOnce: () => me.leads.checkAssignee(owner, reason),
    isThere: (lead) => lead.ownerId === owner,
    async change(leads): Promise<readonly BulkOutcome[]> {
      if (!isNone) return me.leads.assignMany(leads.map(({ id }) => ({ lead: id, to, ...why })));
      const outcomes: BulkOutcome[] = [];
      for (const { id } of leads) outcomes.push(await outcomeOf(me.leads.unassign(id, why)));
      return outcomes;
    },
    check: ({ id }) => outcomeOf(me.leads.checkAssign(id, owner, reason)),
  };
}

async function outcomeOf(work: Promise<unknown>): Promise<BulkOutcome> {
  try {
    await work;
    return { ok: true };
  } catch (error) {
    if (LmsError.isInstance(error)) return { ok: false, error };
    throw error;
  }
}
