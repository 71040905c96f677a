import type { ImportPreview, ImportResult, MappingDocument, SaidCount, SayingColumn, UnmatchedColumn } from '@lms/core';
import { listItem, printable } from '../output/index.js';

type Read = Pick<ImportPreview, 'consents' | 'contactBlocks'>;
type ReadConsent = Read['consents'][number];

/** By which columns people say what they allow and forbid. */
export function sayingLines({ consents, contactBlocks }: Read): readonly string[] {
  return [
    ...consents.map((consent) => `Consent     ${consentText(consent)}: ${whereText(consent.column)}`),
    ...contactBlocks.map(({ channel, column }) => `Block       ${channel}: ${whereText(column)}`),
  ].map(printable);
}

/** What a mapping says of consents and blocks. */
export function mappedConsentLines({
  consents = [],
  contactBlocks = [],
}: Pick<MappingDocument, 'consents' | 'contactBlocks'>): readonly string[] {
  const where = (column: string | undefined): string => (column === undefined ? 'every row' : JSON.stringify(column));
  return [
    ...consents.map(({ purpose, wording: { language, version }, column }) => {
      const text = `wording ${language} ${version ?? '(the newest)'}`;
      return `consent ${purpose} (${text}): ${where(column)}`;
    }),
    ...contactBlocks.map(({ channel, column }) => `block ${channel}: ${where(column)}`),
  ].map(printable);
}

/** Flags for columns that are not read and by their headings say what people allow or forbid. */
export function likelySayingFlags(
  unmatched: readonly Pick<UnmatchedColumn, 'heading' | 'reason'>[],
): readonly string[] {
  return unmatched.flatMap(({ heading, reason }) => {
    if (reason === 'left out') return [];
    if (forbidding.test(heading)) return ['--block', `call@${heading}`];
    if (/\bmarketing\b/i.test(heading)) return ['--consent', `marketing@${heading}`];
    return allowing.test(heading) ? ['--consent', `PURPOSE@${heading}`] : [];
  });
}

const forbidding = /\b(?:dnd|dnc|ndnc|do not (?:call|contact|disturb)|opt(?:ed)?[ -]?out)\b/i;
const allowing = /\b(?:consent(?:ed|s)?|opt(?:ed)?[ -]?in|(?:may|ok to|okay to|permission to) (?:call|contact))\b/i;

/** What rows said of consents and blocks, and what became of it. */
export function saidLines(
  { consents, contactBlocks, dryRun }: Pick<ImportResult, 'consents' | 'contactBlocks' | 'dryRun'>,
  width: number,
): readonly string[] {
  const [given, blocked] = dryRun ? ['to record', 'to block'] : ['recorded', 'blocked'];
  return [
    ...consents.map((consent) => `Consent ${consentText(consent)}: ${countText(consent, given)}`),
    ...contactBlocks.map((block) => `Do not contact (${block.channel}): ${countText(block, blocked)}`),
  ].flatMap((line) => listItem(printable(line), width));
}

/** The same in one line. */
export function saidSummary({
  consents = [],
  contactBlocks = [],
}: Partial<Pick<ImportResult, 'consents' | 'contactBlocks'>>): string {
  return [
    ...consents.map((consent) => `; consent ${consent.purpose}: ${consent.recorded}`),
    ...contactBlocks.map((block) => `; blocked ${block.channel}: ${block.recorded}`),
  ].join('');
}

function consentText({ purpose, partner, wording }: ReadConsent): string {
  const forWhat = partner === null ? purpose : `${purpose} with ${partner}`;
  return `${forWhat} (wording ${wording.language} ${wording.version})`;
}

function whereText(column: SayingColumn | null): string {
  if (column === null) return 'every row';
  return column.heading === column.letter ? `column ${column.letter}` : `column ${column.letter} "${column.heading}"`;
}

function countText({ recorded, passedOver }: SaidCount, what: string): string {
  if (passedOver === 0) return `${recorded} ${what}`;
  const rows = passedOver === 1 ? '1 row that made no lead says' : `${passedOver} rows that made no lead say`;
  return `${recorded} ${what}; ${rows} so too, of which nothing is recorded`;
}
