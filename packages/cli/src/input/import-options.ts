import type { ConsentFlags } from './consent-flags.js';

/** The flags of `lms import`. */
export interface ImportOptions extends ConsentFlags {
  readonly product?: string;
  readonly dryRun?: true;
  readonly map?: readonly string[];
  readonly mapping?: string | false;
  readonly saveMapping?: string;
  readonly headerRow?: number;
  readonly leastConfidence?: number;
  readonly rejects?: string;
  readonly replace?: true;
  readonly source?: string;
  readonly channel?: string;
  readonly campaign?: string;
  readonly dateOrder?: string;
  readonly sheet?: string;
  readonly duplicates?: string;
  readonly again?: true;
  readonly yes?: true;
  readonly detach?: true;
}
