import type { Principal } from '../../foundation/access/index.js';
import { hasCode, type LeadId, LmsError } from '../../foundation/kernel/index.js';
import type { CheckOutcome, CreateOutcome, DuplicateHolder } from './create-outcome.js';
import type { LeadLookup } from './lead-lookup.js';

type Outcome = CreateOutcome | CheckOutcome;

/**
 * Outcomes as an actor may read them. Whoever asks for a value that is taken learns that it is; whose lead has it is told of leads
 * that the actor may see.
 */
export async function veiledOutcomes<One extends Outcome>(
  lookup: LeadLookup,
  principal: Principal,
  outcomes: readonly One[],
): Promise<readonly One[]> {
  const visible = await visibleHolders(lookup, principal, outcomes.flatMap(holdersIn));
  return visible === null ? outcomes : veiled(outcomes, visible);
}

/** Outcomes for whom it is not known what they may see: nobody's lead is told. */
export function untoldOutcomes<One extends Outcome>(outcomes: readonly One[]): readonly One[] {
  return veiled(outcomes, new Set());
}

/** The same of holders that are told by themselves. */
export async function veiledHolders(
  lookup: LeadLookup,
  principal: Principal,
  holders: readonly DuplicateHolder[],
): Promise<readonly DuplicateHolder[]> {
  const visible = await visibleHolders(lookup, principal, holders);
  return visible === null ? holders : holders.map(veiledBy(visible));
}

/** How a person is told who holds a value. */
export function holderText({ number, reference, hidden }: DuplicateHolder): string {
  return number ?? reference ?? (hidden ? 'a lead that you may not see' : 'another lead');
}

/** null when there is no lead to be told of. */
async function visibleHolders(
  lookup: LeadLookup,
  principal: Principal,
  holders: readonly DuplicateHolder[],
): Promise<ReadonlySet<string> | null> {
  const ids = holders.flatMap(({ leadId }): readonly LeadId[] => (leadId === null ? [] : [leadId]));
  return ids.length === 0 ? null : lookup.visible(principal, 'leads.read', ids);
}

function veiled<One extends Outcome>(outcomes: readonly One[], visible: ReadonlySet<string>): readonly One[] {
  return outcomes.map((outcome) =>
    outcome.kind === 'duplicate' ? { ...outcome, holders: outcome.holders.map(veiledBy(visible)) } : outcome,
  );
}

function holdersIn(outcome: Outcome): readonly DuplicateHolder[] {
  return outcome.kind === 'duplicate' ? outcome.holders : [];
}

function veiledBy(visible: ReadonlySet<string>): (holder: DuplicateHolder) => DuplicateHolder {
  return (holder) =>
    holder.leadId === null || visible.has(holder.leadId)
      ? holder
      : { ...holder, leadId: null, number: null, hidden: true };
}

/**
 * For reading a lead that was made: of a repeat whose first call made a lead that the actor may no longer see, it throws `LEAD_HANDED_OVER`
 * with what the first reply told, and nothing later, instead of `LEAD_NOT_FOUND`, which the caller would take for never made.
 */
export function unlessHandedOver({
  leadId,
  number,
  replayed,
}: Extract<CreateOutcome, { kind: 'created' }>): (error: unknown) => never {
  return (error) => {
    if (!replayed || !hasCode(error, 'LEAD_NOT_FOUND')) throw error;
    throw new LmsError('LEAD_HANDED_OVER', {
      message: `${number} was made by the first call with this key; it is no longer yours to see`,
      details: { leadId, number, replayed },
    });
  };
}
