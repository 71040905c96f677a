import {
  type BlockedChannel,
  type Consent,
  type ConsentDecision,
  type ConsentSource,
  type ContactBlock,
  hasCode,
} from '@lms/core';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { parseDay } from '../input/day.js';
import { printable, table } from '../output/index.js';
import type { Session } from '../session.js';
import { nextPage } from './lead-list.js';

export interface ConsentListOptions {
  readonly purpose?: string;
  readonly limit: number;
  readonly cursor?: string;
}

export interface GiveOptions {
  readonly purpose: string;
  readonly source: ConsentSource;
  readonly language: string;
  readonly wording?: number;
  readonly partner?: string;
  readonly item?: readonly string[];
  readonly given?: string;
  readonly expires?: string;
  readonly otpReference?: string;
  readonly ip?: string;
  readonly document?: string;
  readonly idempotencyKey?: string;
}

export interface WithdrawOptions {
  readonly purpose: string;
  readonly source: ConsentSource;
  readonly partner?: string;
  readonly reason?: string;
}

export interface CheckOptions {
  readonly purpose: string;
  readonly partner?: string;
  readonly at?: string;
}

export interface UnblockOptions {
  readonly channel: BlockedChannel;
}

export interface BlockOptions extends UnblockOptions {
  readonly source: ConsentSource;
  readonly reason?: string;
}

export async function listConsents(session: Session, lead: string, options: ConsentListOptions): Promise<void> {
  const { me, output, format } = session;
  const { purpose, limit, cursor } = options;
  const { consents, next } = await me.consents.list(lead, {
    limit,
    ...(purpose === undefined ? {} : { purpose }),
    ...(cursor === undefined ? {} : { after: cursor }),
  });
  output.answer({ items: consents, nextCursor: next }, () =>
    consents.length === 0
      ? ''
      : table(
          consents,
          [
            { heading: 'Purpose', cell: forWhat, minimum: 10, importance: 4 },
            { heading: 'Given', cell: ({ givenAt }) => format.time(givenAt), importance: 3 },
            { heading: 'By', cell: ({ source }) => source },
            { heading: 'Wording', cell: ({ wording }) => `${wording.language} ${wording.version}` },
            {
              heading: 'Until',
              cell: ({ expiresAt, withdrawal }) =>
                withdrawal !== null
                  ? `withdrawn ${format.time(withdrawal.at)}`
                  : expiresAt === null
                    ? ''
                    : format.time(expiresAt),
              importance: 4,
            },
          ],
          output,
        ),
  );
  if (consents.length === 0)
    output.say('No consent is recorded. To record one: lms consent give LEAD --purpose PURPOSE');
  if (next !== null) output.say(`More: ${nextPage(session, next)}`);
}

export async function giveConsent(
  { me, output, timeZone }: Session,
  lead: string,
  options: GiveOptions,
): Promise<void> {
  const { purpose, source, language, wording, partner, item, given, expires, idempotencyKey } = options;
  const { otpReference, ip, document } = options;
  const evidence = {
    ...(ip === undefined ? {} : { ipAddress: ip }),
    ...(otpReference === undefined ? {} : { otpReference }),
    ...(document === undefined ? {} : { document }),
  };
  const consent = await me.consents.give(
    lead,
    {
      purpose,
      source,
      wording: { language, ...(wording === undefined ? {} : { version: wording }) },
      ...(partner === undefined ? {} : { partner }),
      ...(item === undefined ? {} : { dataItems: item }),
      ...(given === undefined ? {} : { givenAt: parseDay(given, { flag: '--given', edge: 'from', timeZone }) }),
      ...(expires === undefined ? {} : { expiresAt: parseDay(expires, { flag: '--expires', edge: 'to', timeZone }) }),
      ...(Object.keys(evidence).length === 0 ? {} : { evidence }),
    },
    idempotencyKey === undefined ? {} : { idempotencyKey },
  );
  output.answer(consent, () => `${output.style.bold(forWhat(consent))} recorded, ${wordingOf(consent)}`);
}

export async function withdrawConsent({ me, output }: Session, lead: string, options: WithdrawOptions): Promise<void> {
  const withdrawn = await me.consents.withdraw(lead, options);
  output.answer({ items: withdrawn }, () =>
    withdrawn.map((consent) => `${output.style.bold(forWhat(consent))} withdrawn, ${wordingOf(consent)}`).join('\n'),
  );
  if (withdrawn.length === 0) output.say('Nothing stood that could be withdrawn.');
}

/** A script asks by the exit code. */
export async function checkConsent(session: Session, lead: string, options: CheckOptions): Promise<ExitCode> {
  const { me, output, timeZone } = session;
  const { purpose, partner, at } = options;
  const decision = await me.consents.check(lead, {
    purpose,
    ...(partner === undefined ? {} : { partner }),
    ...(at === undefined ? {} : { at: parseDay(at, { flag: '--at', edge: 'from', timeZone }) }),
  });
  output.answer(decision, () => decisionText(session, decision));
  return decision.allowed ? exitCodes.ok : exitCodes.forbidden;
}

export async function blockContact({ me, output }: Session, lead: string, options: BlockOptions): Promise<void> {
  const block = await me.consents.block(lead, options);
  output.answer(block, () => `Do not contact: ${output.style.bold(block.channel)}`);
}

export async function unblockContact(
  { me, output }: Session,
  lead: string,
  { channel }: UnblockOptions,
): Promise<void> {
  const lifted = await me.consents.unblock(lead, channel);
  output.answer({ items: lifted }, () =>
    lifted.map((block) => `Lifted: ${output.style.bold(block.channel)}`).join('\n'),
  );
  if (lifted.length === 0) {
    output.say('No block of that channel was made for this lead; which one it was made for: lms consent blocks LEAD');
  }
}

export async function listBlocks(session: Session, lead: string): Promise<void> {
  const { me, output, format } = session;
  const blocks = await me.consents.blocks(lead);
  const numbers = await numbersOf(session, blocks);
  output.answer({ items: blocks }, () =>
    blocks.length === 0
      ? ''
      : table<ContactBlock>(
          blocks,
          [
            { heading: 'Channel', cell: ({ channel }) => channel, importance: 4 },
            { heading: 'Of', cell: ({ subject }) => numbers.get(subject?.id ?? '') ?? 'another lead', importance: 3 },
            { heading: 'Since', cell: ({ blockedAt }) => format.time(blockedAt) },
            { heading: 'Said by', cell: ({ source }) => source },
            { heading: 'Reason', cell: ({ reason }) => printable(reason ?? ''), minimum: 8 },
          ],
          output,
        ),
  );
  if (blocks.length === 0) output.say('Nothing is blocked.');
}

/** The leads that blocks were made for, where they can be lifted, by number; those of others are not named. */
async function numbersOf(
  { me }: Session,
  blocks: readonly Pick<ContactBlock, 'subject'>[],
): Promise<ReadonlyMap<string, string>> {
  const ids = new Set(blocks.flatMap(({ subject }) => (subject === null ? [] : [subject.id])));
  const numbers = new Map<string, string>();
  for (const id of ids) {
    // A block outlives a lead that a backup of two servers left out.
    const lead = await me.leads.get(id).catch((error: unknown) => {
      if (hasCode(error, 'LEAD_NOT_FOUND')) return null;
      throw error;
    });
    numbers.set(id, lead?.number ?? id);
  }
  return numbers;
}

function decisionText({ output, format }: Session, decision: ConsentDecision): string {
  const { bold } = output.style;
  if (!decision.allowed) return `${bold('no')}  ${decision.message}`;
  const until = decision.expiresAt === null ? '' : `, until ${format.time(decision.expiresAt)}`;
  return `${bold('yes')}  given ${format.time(decision.givenAt)}${until}, ${wordingOf(decision)}`;
}

function forWhat({ purpose, partner }: Pick<Consent, 'purpose' | 'partner'>): string {
  return partner === null ? purpose : `${purpose} with ${partner}`;
}

function wordingOf({ wording }: Pick<Consent, 'wording'>): string {
  return `wording ${wording.language} ${wording.version}`;
}
