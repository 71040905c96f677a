import { type BlockOfFile, type ConsentOfFile, type ConsentSource, contactChannels } from '@lms/core';
import { LmsError } from '@lms/core/kernel';
import { parseDay } from './day.js';
import { oneOf } from './one-of.js';

/** The flags that say what people allow and forbid as their leads come in. */
export interface ConsentFlags {
  readonly consent?: readonly string[];
  readonly consentSource?: ConsentSource;
  readonly consentGiven?: string;
  readonly block?: readonly string[];
}

type Consent = Omit<ConsentOfFile, 'source'>;
type Block = Omit<BlockOfFile, 'source'>;

const consentFlag = '--consent';
const blockFlag = '--block';
const channels = [...contactChannels, 'all'] as const;

/**
 * `PURPOSE[:LANGUAGE[:VERSION]][@COLUMN]`: `marketing`, `marketing:hi:2`, `marketing@Marketing OK`.
 * @throws LmsError `USAGE_INVALID`
 */
export function consentsOf(flags: ConsentFlags, { timeZone }: { readonly timeZone: string }): readonly Consent[] {
  const { consent = [], consentGiven } = flags;
  if (consent.length === 0 && consentGiven !== undefined) throw without('--consent-given', consentFlag);
  const given =
    consentGiven === undefined
      ? {}
      : { givenAt: parseDay(consentGiven, { flag: '--consent-given', edge: 'from', timeZone }) };
  return consent.map((text) => {
    const { what, column } = partedOf(text, consentFlag);
    const [, purpose, language = 'en', version] =
      /^([a-z0-9-]+)(?::([A-Za-z][A-Za-z0-9-]*)(?::(\d{1,7}))?)?$/.exec(what) ?? [];
    if (purpose === undefined) {
      throw refused(
        consentFlag,
        `Write --consent marketing, or --consent "marketing:hi:2@Column heading", not "${text}"`,
      );
    }
    const wording = { language, ...(version === undefined ? {} : { version: Number(version) }) };
    return { purpose, wording, ...given, ...column };
  });
}

/**
 * `CHANNEL[@COLUMN]`: `call`, `all@Do not call`.
 * @throws LmsError `USAGE_INVALID`
 */
export function blocksOf({ block = [] }: ConsentFlags): readonly Block[] {
  return block.map((text) => {
    const { what, column } = partedOf(text, blockFlag);
    return { channel: oneOf(what, channels, blockFlag), ...column };
  });
}

/** For a file: nothing where nothing is said. */
export function saidInFile(
  flags: ConsentFlags,
  place: { readonly timeZone: string },
): { readonly consents?: readonly ConsentOfFile[]; readonly contactBlocks?: readonly BlockOfFile[] } {
  const { consentSource: source } = flags;
  const bySource = source === undefined ? {} : { source };
  const consents = consentsOf(flags, place).map((consent) => ({ ...consent, ...bySource }));
  const contactBlocks = blocksOf(flags).map((one) => ({ ...one, ...bySource }));
  if (source !== undefined && consents.length + contactBlocks.length === 0) {
    throw without('--consent-source', `${consentFlag} or ${blockFlag}`);
  }
  return {
    ...(consents.length === 0 ? {} : { consents }),
    ...(contactBlocks.length === 0 ? {} : { contactBlocks }),
  };
}

/** For one lead, whose consents have no column and must say how they were given. */
export function saidWithLead(
  flags: ConsentFlags,
  place: { readonly timeZone: string },
): {
  readonly consents?: readonly (Consent & { readonly source: ConsentSource })[];
  readonly contactBlocks?: readonly (Block & { readonly source: ConsentSource })[];
} {
  const { consents = [], contactBlocks = [] } = saidInFile(flags, place);
  if (consents.length + contactBlocks.length === 0) return {};
  const { consentSource: source } = flags;
  if (source === undefined) {
    throw refused('--consent-source', 'say how the person said so: --consent-source web, or another of the list');
  }
  for (const [flag, all] of [
    [consentFlag, consents],
    [blockFlag, contactBlocks],
  ] as const) {
    if (all.some(({ column }) => column !== undefined))
      throw refused(flag, `${flag} takes no column where one lead is made`);
  }
  return {
    ...(consents.length === 0 ? {} : { consents: consents.map((consent) => ({ ...consent, source })) }),
    ...(contactBlocks.length === 0 ? {} : { contactBlocks: contactBlocks.map((one) => ({ ...one, source })) }),
  };
}

/** What stands before the first `@`, and the column behind it, which may hold more of them. */
function partedOf(
  text: string,
  flag: string,
): { readonly what: string; readonly column: { readonly column?: string } } {
  const at = text.indexOf('@');
  if (at < 0) return { what: text.trim(), column: {} };
  const column = text.slice(at + 1).trim();
  if (column === '') throw refused(flag, `${flag} names no column behind the @ in "${text}"`);
  return { what: text.slice(0, at).trim(), column: { column } };
}

function without(flag: string, other: string): LmsError {
  return refused(flag, `${flag} goes with ${other}`);
}

function refused(path: string, message: string): LmsError {
  return new LmsError('USAGE_INVALID', { message, path });
}
