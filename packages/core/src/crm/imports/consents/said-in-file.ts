import { z } from 'zod';
import { instantShape } from '../../../foundation/kernel/index.js';
import {
  type BlockRequest,
  consentSources,
  contactChannels,
  mostAtCreation,
  type NewConsent,
} from '../../../foundation/privacy/index.js';
import { slugShape, words } from '../../fields/index.js';

/** Where in a file it stands. */
interface InColumn {
  /** Heading of the column whose cells say so, or `column C`; every row says so when absent. */
  readonly column?: string;
}

/** What the people of a file allow, recorded with each lead that one of its rows makes. */
export interface ConsentOfFile extends Omit<NewConsent, 'source' | 'evidence'>, InColumn {
  /** How they said so; `import` when absent. */
  readonly source?: NewConsent['source'];
}

/** By what the people of a file must not be contacted, recorded with each lead that one of its rows makes. */
export interface BlockOfFile extends Omit<BlockRequest, 'source' | 'reason'>, InColumn {
  /** How they said so; `import` when absent. */
  readonly source?: BlockRequest['source'];
}

/** What a mapping says of the files of a sender: when people said so is particular to each file. */
export type ConsentOfFiles = Omit<ConsentOfFile, 'givenAt' | 'expiresAt'>;

const source = z.enum(consentSources, { error: `expected one of ${consentSources.join(', ')}` }).exactOptional();
const column = words(500).exactOptional();
const channels = [...contactChannels, 'all'] as const;

const ofAnyFile = z.strictObject({
  purpose: slugShape,
  partner: slugShape.exactOptional(),
  dataItems: z.array(words(64)).max(100).exactOptional(),
  wording: z.strictObject({
    language: words(35),
    version: z.int({ error: 'expected a whole number' }).min(1).max(1_000_000).exactOptional(),
  }),
  source,
  column,
});

export const consentsOfFilesShape: z.ZodType<readonly ConsentOfFiles[]> = z.array(ofAnyFile).max(mostAtCreation);

export const consentsOfFileShape: z.ZodType<readonly ConsentOfFile[]> = z
  .array(
    z.strictObject({
      ...ofAnyFile.shape,
      givenAt: instantShape.exactOptional(),
      expiresAt: instantShape.exactOptional(),
    }),
  )
  .max(mostAtCreation);

export const blocksOfFileShape: z.ZodType<readonly BlockOfFile[]> = z
  .array(
    z.strictObject({
      channel: z.enum(channels, { error: `expected one of ${channels.join(', ')}` }),
      source,
      column,
    }),
  )
  .max(mostAtCreation);
