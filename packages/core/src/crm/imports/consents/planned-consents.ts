import { z } from 'zod';
import {
  checkInput,
  cleanText,
  columnLetter,
  type Instant,
  LmsError,
  type Problem,
  toInstant,
} from '../../../foundation/kernel/index.js';
import {
  atPath,
  type BlockedChannel,
  type ConsentSource,
  type ConsentTerms,
  saidConsent,
  type TermsReader,
} from '../../../foundation/privacy/index.js';
import { didYouMean } from '../../fields/index.js';
import { placesOf } from '../columns/said-columns.js';
import { shownHeading } from '../columns/shown-column.js';
import { type BlockOfFile, blocksOfFileShape, type ConsentOfFile, consentsOfFileShape } from './said-in-file.js';

/** A column whose cells say what people allow or forbid. */
export interface SayingColumn {
  /** Place in the row, from 0. */
  readonly index: number;
  /** As the spreadsheet shows it above the column: `C`. */
  readonly letter: string;
  /** As in the file; the column's letter where the heading is empty. */
  readonly heading: string;
}

export interface PlannedConsent {
  readonly terms: ConsentTerms;
  /** null where every row says so. */
  readonly column: SayingColumn | null;
  readonly givenAt: Instant | null;
  readonly expiresAt: Instant | null;
}

export interface PlannedBlock {
  readonly channel: BlockedChannel;
  readonly source: ConsentSource;
  /** null where every row says so. */
  readonly column: SayingColumn | null;
}

/** What rows of a file may say besides the fields of a lead. Plain data. */
export interface PlannedConsents {
  readonly consents: readonly PlannedConsent[];
  readonly blocks: readonly PlannedBlock[];
}

/** What is asked of the consents of a file. */
export interface AskedConsents {
  readonly consents?: readonly ConsentOfFile[];
  readonly contactBlocks?: readonly BlockOfFile[];
  /** The mapping's name or file, for messages. */
  readonly mappingName?: string;
}

export interface ConsentTimes {
  readonly terms: TermsReader;
  /** Epoch milliseconds. */
  readonly now: number;
}

const askedShape: z.ZodType<Pick<AskedConsents, 'consents' | 'contactBlocks'>> = z.object({
  consents: consentsOfFileShape.exactOptional(),
  contactBlocks: blocksOfFileShape.exactOptional(),
});

/** Whether anything is to be recorded of what people say. */
export function asksForConsents({ consents = [], contactBlocks = [] }: AskedConsents): boolean {
  return consents.length + contactBlocks.length > 0;
}

/**
 * Finds the columns, wordings and purposes of what rows say.
 * @throws LmsError `IMPORT_MAPPING_INVALID` for a column that the file does not have, `CONSENT_PURPOSE_UNKNOWN`,
 * `CONSENT_WORDING_NOT_FOUND`, `INPUT_INVALID`, each with a path such as `consents.0.purpose`
 */
export async function plannedConsents(
  asked: AskedConsents,
  headings: readonly string[],
  { terms, now }: ConsentTimes,
): Promise<PlannedConsents> {
  if (!asksForConsents(asked)) return { consents: [], blocks: [] };
  const { consents: given, contactBlocks: blocked } = asked;
  const { consents = [], contactBlocks = [] } = checkInput(
    askedShape,
    {
      ...(given === undefined ? {} : { consents: given }),
      ...(blocked === undefined ? {} : { contactBlocks: blocked }),
    },
    'the consents of the file are refused',
  );
  const problems: Problem[] = [];
  const columns = { headings, mappingName: asked.mappingName, problems };
  const planned: PlannedConsent[] = [];
  for (const [place, consent] of consents.entries()) {
    const path = `consents.${place}`;
    const { column, givenAt, expiresAt, source = 'import', dataItems, ...rest } = consent;
    const items = dataItems === undefined ? {} : { dataItems: [...new Set(dataItems.map(cleanText))].sort() };
    try {
      const found = await terms.terms({ ...rest, ...items, source });
      saidConsent(found, { givenAt, expiresAt }, toInstant(now));
      planned.push({
        terms: found,
        column: columnOf(column, path, columns),
        givenAt: givenAt ?? null,
        expiresAt: expiresAt ?? null,
      });
    } catch (error) {
      throw atPath(error, path);
    }
  }
  const blocks = contactBlocks.map(({ channel, source = 'import', column }, place) => ({
    channel,
    source,
    column: columnOf(column, `contactBlocks.${place}`, columns),
  }));
  refuseRepeats(planned, ({ terms: { purpose, partner } }) => JSON.stringify([purpose, partner]), 'consents', problems);
  refuseRepeats(blocks, ({ channel }) => channel, 'contactBlocks', problems);
  if (problems.length === 0) return { consents: planned, blocks };
  throw LmsError.ofProblems('IMPORT_MAPPING_INVALID', 'the consents of the file cannot be read', problems);
}

function columnOf(
  name: string | undefined,
  path: string,
  {
    headings,
    mappingName,
    problems,
  }: { readonly headings: readonly string[]; readonly mappingName: string | undefined; readonly problems: Problem[] },
): SayingColumn | null {
  if (name === undefined) return null;
  const refuse = (rule: string, message: string): null => {
    problems.push({ path: `${path}.column`, rule, message });
    return null;
  };
  const places = placesOf(name, headings);
  const [index] = places;
  if (index === undefined) {
    const by = mappingName === undefined ? '' : `, which the mapping "${mappingName}" reads`;
    return refuse('unknown-column', `the file has no column ${JSON.stringify(name)}${by}${didYouMean(name, headings)}`);
  }
  if (places.length > 1) {
    const letters = places.map((at) => `"column ${columnLetter(at)}"`).join(' or ');
    return refuse('ambiguous-column', `several columns have this heading; say ${letters}`);
  }
  return { index, letter: columnLetter(index), heading: shownHeading(headings[index] ?? '', index) };
}

function refuseRepeats<One>(
  all: readonly One[],
  nameOf: (one: One) => string,
  path: string,
  problems: Problem[],
): void {
  const seen = new Set<string>();
  for (const [place, one] of all.entries()) {
    const name = nameOf(one);
    if (seen.has(name)) {
      problems.push({ path: `${path}.${place}`, rule: 'repeated', message: 'says once more what one before it says' });
    }
    seen.add(name);
  }
}
