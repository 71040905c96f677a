import { cleanText, LmsError, type Problem } from '../../foundation/kernel/index.js';
import { fieldByKey } from '../fields/index.js';
import {
  type DryRunClaims,
  type DuplicateHolder,
  holderText,
  type ItemOutcome,
  type LeadClaim,
  type LeadIntake,
} from '../leads/index.js';
import type { BatchSource } from './batches/open-batches.js';
import { type RowBatch, type RowBatches, rowAt } from './batches/row-batch.js';
import { stoppedError } from './patience.js';
import { rowInput } from './row-input.js';
import type { SourceRow } from './rows/index.js';
import type { RowOutcome, SettledBatch } from './settled-batch.js';

export interface UpdatePorts {
  readonly intake: LeadIntake;
  readonly batches: Pick<RowBatches<LeadClaim>, 'rows'>;
  readonly source: Pick<BatchSource, 'settings'>;
  /** What earlier rows of a dry run would have taken. */
  readonly claims: DryRunClaims;
  readonly dryRun: boolean;
  readonly signal: AbortSignal | undefined;
}

/** A row whose unique values others hold. */
interface Candidate {
  readonly index: number;
  readonly row: SourceRow;
  readonly holders: readonly DuplicateHolder[];
  /** Why it is refused whether it makes a lead or updates one. */
  readonly problems: readonly Problem[];
}

const updatesAtOnce = 16;

/**
 * Writes what duplicate rows fill into the leads that hold their unique values. Rows that fit one lead take effect in their
 * order; leads that the actor may not change stay duplicates.
 */
export async function updateDuplicates(settled: SettledBatch, ports: UpdatePorts): Promise<SettledBatch> {
  const candidates = await candidatesOf(settled, ports);
  const outcomes = new Map(settled.outcomes);
  for (const wave of waves(candidates)) {
    if (ports.signal?.aborted === true) throw stoppedError();
    const done = await Promise.all(wave.map((candidate) => updateOne(candidate, settled.batch, ports)));
    for (const [at, outcome] of done.entries()) {
      const index = wave[at]?.index;
      if (index !== undefined && outcome !== null) outcomes.set(index, outcome);
    }
  }
  return { batch: settled.batch, outcomes };
}

async function candidatesOf({ batch, outcomes }: SettledBatch, ports: UpdatePorts): Promise<readonly Candidate[]> {
  const partial = batch.refused
    .filter(({ keys }) => keys.length > 0)
    .map(({ index, keys }) => ({ index, line: batch.line, keys }));
  const holdersOf = new Map(partial.length === 0 ? [] : await ports.intake.holders(partial, ports.claims));
  for (const [index, outcome] of outcomes) if (outcome.kind === 'duplicate') holdersOf.set(index, outcome.holders);
  const places = [...holdersOf.keys()].sort((left, right) => left - right);
  const rows = places.length === 0 ? [] : await ports.batches.rows(places);
  const problemsOf = new Map(batch.refused.map(({ index, problems }) => [index, problems]));
  return places.map((index, at) => ({
    index,
    row: rowAt(rows, at),
    holders: holdersOf.get(index) ?? [],
    problems: problemsOf.get(index) ?? [],
  }));
}

/** Rows that can be settled together: several rows of one lead come one after the other. */
function* waves(candidates: readonly Candidate[]): Generator<readonly Candidate[]> {
  let wave: Candidate[] = [];
  let leads = new Set<string>();
  for (const candidate of candidates) {
    const names = candidate.holders.filter(({ hidden }) => !hidden).map(nameOf);
    if (wave.length === updatesAtOnce || names.some((name) => leads.has(name))) {
      yield wave;
      wave = [];
      leads = new Set();
    }
    wave.push(candidate);
    for (const name of names) leads.add(name);
  }
  if (wave.length > 0) yield wave;
}

/** null where the row stays what it was. */
async function updateOne(
  { row, holders, problems }: Candidate,
  batch: RowBatch<LeadClaim>,
  { intake, source, dryRun }: UpdatePorts,
): Promise<RowOutcome | null> {
  const [holder] = holders;
  if (holder === undefined) return null;
  const isOfTwo = new Set(holders.map(nameOf)).size > 1;
  // What a lead lacks does not hinder its update: a row that has one is not told that required fields are missing.
  if (isOfTwo) return { kind: 'rejected', problems: [...problems, twoLeads(holders, batch)] };
  if (problems.length > 0) return { kind: 'rejected', problems };
  if (holder.hidden) return { kind: 'duplicate', holders: [holder] };
  if (holder.leadId === null) return { kind: 'updated', of: holder.reference };
  const { columns, width, origin } = source.settings;
  const fields = filledOf(rowInput(row, { columns, width, schema: batch.line.schema }).fields);
  const patch = origin.dateOrder === undefined ? { fields } : { fields, dateOrder: origin.dateOrder };
  const foundBy = holders.map((each) => each.fields);
  return outcomeOf(await intake.update(holder.leadId, patch, { dryRun, foundBy }), holder);
}

/** A cell of what nobody sees is empty, and empty cells change nothing. */
function filledOf(fields: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields).filter(([, text]) => cleanText(text) !== ''));
}

function outcomeOf(outcome: ItemOutcome, holder: DuplicateHolder): RowOutcome | null {
  if (outcome.ok) return { kind: 'updated', of: outcome.number };
  const { error } = outcome;
  if (error.category === 'forbidden' || error.category === 'not-found') return { kind: 'duplicate', holders: [holder] };
  const problems = error.details['problems'];
  if (error.code === 'LEAD_INVALID' && isProblems(problems)) return { kind: 'rejected', problems };
  return {
    kind: 'refused',
    error: LmsError.isInstance(error) ? error : new LmsError('INTERNAL', { message: 'refused' }),
  };
}

function isProblems(value: unknown): value is readonly Problem[] {
  return Array.isArray(value);
}

function nameOf({ leadId, reference }: DuplicateHolder): string {
  return leadId ?? reference ?? '';
}

function twoLeads(holders: readonly DuplicateHolder[], { line }: RowBatch<LeadClaim>): Problem {
  const named = holders.map((holder) => {
    const labels = holder.fields.map((key) => fieldByKey(line.schema, key)?.label ?? key).join(' and ');
    return `${labels} belongs to ${holderText(holder)}`;
  });
  return {
    path: holders[0]?.fields[0] ?? '',
    rule: 'fits-two-leads',
    message: `${named.join(', ')}: a row can update one lead only; correct the values, or merge the leads first`,
  };
}
